{ workspace, fixtures, ... }:
(workspace {
  experts.workspace = {
    src = fixtures + "/workspace/packages/core";
    role = "Owns the core.";
  };
}).poag
