{ expert, ... }: expert { src = true; }
