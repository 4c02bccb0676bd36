{ expert, ... }: expert { work.actors.me.backend = "librarian"; }
