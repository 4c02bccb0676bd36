{ expert, ... }:
expert {
  work.actors.me = {
    backend = "codex";
    skill = [ ];
  };
}
