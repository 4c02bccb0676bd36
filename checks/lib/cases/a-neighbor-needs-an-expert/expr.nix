{ expert, ... }: expert { neighbors.hello-rs.needs.hello = "the text"; }
