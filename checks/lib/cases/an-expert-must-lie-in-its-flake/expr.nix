{ workspace, fixtures, ... }:
(workspace {
  experts.core = {
    src = fixtures + "/hello-rs";
    role = "Owns something else.";
  };
}).poag
