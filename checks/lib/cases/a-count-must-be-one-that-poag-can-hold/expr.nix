{ expert, ... }: expert { council.maxMessages = 5000000000; }
