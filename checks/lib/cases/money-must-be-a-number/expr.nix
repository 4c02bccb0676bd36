{ expert, ... }: expert { council.maxCostUsd = "2.50"; }
