{ expert, ... }: expert { council.parallel = 0; }
