{ expert, ... }: expert { work.policy.network = "yes"; }
