{ expert, ... }: expert { work.policy.aproval = 2; }
