{ expert, ... }: expert { provides.greet = { }; }
