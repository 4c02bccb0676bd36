{ workspace, fixtures, ... }:
(workspace {
  experts.core = {
    src = fixtures + "/workspace/tests/declared/sub";
    role = "Owns a part of the other flake.";
  };
}).poag
