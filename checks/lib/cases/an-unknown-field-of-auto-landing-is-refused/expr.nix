{ expert, ... }: expert { work.policy.autoLand.path = [ ]; }
