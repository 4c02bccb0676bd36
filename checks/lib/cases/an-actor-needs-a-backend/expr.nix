{ expert, ... }: expert { work.actors.me = { }; }
