{ expert, ... }: expert { agent.maxCostUsd = 0; }
