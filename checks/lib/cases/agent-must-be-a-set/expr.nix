{ expert, ... }: expert { agent = "codex"; }
