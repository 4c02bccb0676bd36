{ expert, ... }: expert { agent.maxTurns = -1; }
