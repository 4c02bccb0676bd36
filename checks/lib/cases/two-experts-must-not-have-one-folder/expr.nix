{ workspace, fixtures, ... }:
(workspace {
  experts = {
    core = {
      src = fixtures + "/workspace/packages/core";
      role = "Owns the core.";
    };
    same = {
      src = fixtures + "/workspace/packages/core";
      role = "Owns it, too.";
    };
  };
}).poag
