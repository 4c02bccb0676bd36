{ expert, ... }:
expert {
  panel.ops = {
    backend = "codex";
    rol = "Runs it.";
  };
}
