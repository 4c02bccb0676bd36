{ expert, ... }:
expert {
  exports."SKILL.md" = "skill";
}
