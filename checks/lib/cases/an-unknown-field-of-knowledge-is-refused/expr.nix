{ expert, ... }: expert { knowledge.includes = [ "src" ]; }
