{ expert, ... }: expert { role = "./role.md"; }
