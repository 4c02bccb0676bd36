{ expert, ... }: expert { provides.greet.summary = "  "; }
