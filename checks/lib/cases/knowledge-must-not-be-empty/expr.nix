{ expert, ... }: expert { knowledge.include = [ "no/such/folder" ]; }
