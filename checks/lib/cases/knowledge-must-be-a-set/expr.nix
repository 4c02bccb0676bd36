{ expert, ... }: expert { knowledge = [ "src" ]; }
