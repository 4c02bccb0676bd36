{ expert, ... }: expert { work.actors."a/b".backend = "codex"; }
