{ expert, ... }: expert { work = 4; }
