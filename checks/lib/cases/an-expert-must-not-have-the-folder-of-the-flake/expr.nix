{ workspace, fixtures, ... }:
(workspace {
  experts.core = {
    src = fixtures + "/workspace";
    role = "Owns all of it.";
  };
}).poag
