{ expert, ... }: expert { council.retries = -1; }
