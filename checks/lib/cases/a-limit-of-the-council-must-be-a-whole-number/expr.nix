{ expert, ... }: expert { council.maxMessages = "40"; }
