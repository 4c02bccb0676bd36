{ expert, ... }: expert { role = [ "Owns it." ]; }
