{ expert, ... }: expert { work.policy.tools = [ 1 ]; }
