{ expert, ... }: expert { work.notify.me.url = "https://example.org/hook"; }
