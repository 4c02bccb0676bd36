{ expert, ... }: expert { council.maxTurn = 4; }
