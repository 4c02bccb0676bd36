{ expert, ... }: expert { council.maxCostUsd = -0.5; }
