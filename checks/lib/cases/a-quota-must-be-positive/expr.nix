{ expert, ... }: expert { quota.artifactBytes = 0; }
