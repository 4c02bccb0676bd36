{ expert, ... }: expert { council = 4; }
