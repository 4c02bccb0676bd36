{ expert, ... }: expert { work.policy.budget.uds = 2; }
