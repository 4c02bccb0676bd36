{ expert, ... }: expert { agent.timeoutSeconds = 1.5; }
