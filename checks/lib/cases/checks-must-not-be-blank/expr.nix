{ expert, ... }: expert { checks = [ "" ]; }
