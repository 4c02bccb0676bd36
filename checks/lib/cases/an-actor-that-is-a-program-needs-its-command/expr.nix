{ expert, ... }: expert { work.actors.me.backend = "command"; }
