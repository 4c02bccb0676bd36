{ expert, ... }: expert { agent.api = "response"; }
