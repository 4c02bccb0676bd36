{ expert, ... }: expert { agent.modell = "sonnet"; }
