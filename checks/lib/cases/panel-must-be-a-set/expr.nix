{ expert, ... }: expert { panel = [ "codex" ]; }
