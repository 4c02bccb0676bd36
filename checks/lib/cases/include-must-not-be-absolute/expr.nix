{ expert, ... }: expert { knowledge.include = [ "/etc" ]; }
