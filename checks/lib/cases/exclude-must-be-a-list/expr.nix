{ expert, ... }: expert { knowledge.exclude = null; }
