{ expert, ... }: expert { work.notify.me = { }; }
