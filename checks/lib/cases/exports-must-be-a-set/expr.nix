{ expert, ... }:
expert {
  exports = [ "AGENTS.md" ];
}
