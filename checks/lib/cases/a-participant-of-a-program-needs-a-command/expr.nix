{ expert, ... }: expert { panel.ops.backend = "command"; }
