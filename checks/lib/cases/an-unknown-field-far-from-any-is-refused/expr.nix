{ expert, ... }: expert { colour = "red"; }
