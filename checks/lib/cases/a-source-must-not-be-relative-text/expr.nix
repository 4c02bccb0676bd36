{ expert, ... }: expert { src = "./."; }
