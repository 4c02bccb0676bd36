{ expert, ... }: expert { capabilities = "python"; }
