{ expert, ... }: expert { knowledge.exclude = [ "docs/../../secrets" ]; }
