{ expert, ... }:
expert {
  exports."../AGENTS.md" = "agents-md";
}
