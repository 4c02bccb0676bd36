{ expert, ... }: expert { prompt = 3.5; }
