{ expert, ... }: expert { provides.greet = "greet(name) -> str"; }
