{ expert, ... }: expert { role = ""; }
