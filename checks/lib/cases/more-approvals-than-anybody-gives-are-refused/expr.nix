{ expert, ... }: expert { work.policy.approvals = 17; }
