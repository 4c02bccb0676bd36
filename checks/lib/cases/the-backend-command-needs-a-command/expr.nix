{ expert, ... }: expert { agent.backend = "command"; }
