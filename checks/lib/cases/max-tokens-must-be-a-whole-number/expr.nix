{ expert, ... }: expert { knowledge.maxTokens = "24000"; }
