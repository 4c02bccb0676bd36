{ expert, ... }:
expert {
  exports."role.md" = "agents-md";
  provides.role = {
    summary = "r";
    files = [ "role.md" ];
  };
}
