{ expert, ... }: expert { work.policy.autoLand = "nver"; }
