{ expert, ... }: expert { council.retries = 1.5; }
