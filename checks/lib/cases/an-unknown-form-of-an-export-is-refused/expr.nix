{ expert, ... }:
expert {
  exports."AGENTS.md" = "agent-md";
}
