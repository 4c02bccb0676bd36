{ expert, ... }: expert { knowledge.include = "src"; }
