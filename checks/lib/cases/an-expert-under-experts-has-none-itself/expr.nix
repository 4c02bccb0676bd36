{ workspace, fixtures, ... }:
(workspace {
  experts.core = {
    src = fixtures + "/workspace/packages/core";
    role = "Owns the core.";
    experts = { };
  };
}).poag
