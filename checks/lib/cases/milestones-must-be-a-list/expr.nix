{ expert, ... }: expert { work.milestones.poc = { }; }
