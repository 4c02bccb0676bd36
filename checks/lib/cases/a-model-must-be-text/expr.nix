{ expert, ... }: expert { agent.model = 4; }
