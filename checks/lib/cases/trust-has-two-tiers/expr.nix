{ expert, ... }: expert { work.policy.autoLand.trust = "verifed"; }
