{ expert, ... }: expert { provides = [ "greet" ]; }
