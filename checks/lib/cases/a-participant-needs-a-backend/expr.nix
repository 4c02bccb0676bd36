{ expert, ... }: expert { panel.ops.role = "Runs it."; }
