{ expert, ... }: expert { name = "hello py"; }
