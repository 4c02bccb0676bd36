{ expert, ... }: expert { work.milestones = [ { name = "poc"; } ]; }
