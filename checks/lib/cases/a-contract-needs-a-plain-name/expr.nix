{ expert, ... }: expert { provides."greet me".summary = "greet(name) -> str"; }
