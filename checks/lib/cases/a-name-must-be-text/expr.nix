{ expert, ... }: expert { name = 7; }
