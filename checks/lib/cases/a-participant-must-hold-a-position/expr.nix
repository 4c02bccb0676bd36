{ expert, ... }: expert { panel.ops.backend = "librarian"; }
