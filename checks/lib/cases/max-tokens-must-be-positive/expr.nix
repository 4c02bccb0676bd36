{ expert, ... }: expert { knowledge.maxTokens = 0; }
