{ expert, ... }: expert { panel."a b".backend = "codex"; }
