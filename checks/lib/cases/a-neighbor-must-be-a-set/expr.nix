{ expert, ... }: expert { neighbors.hello-rs = "hello-rs"; }
