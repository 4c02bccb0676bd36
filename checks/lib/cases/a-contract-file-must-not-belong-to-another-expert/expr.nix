{ workspace, fixtures, ... }:
(workspace {
  provides.core = {
    summary = "price(items) -> Money";
    files = [ "packages/core/src/lib.rs" ];
  };
  experts.core = {
    src = fixtures + "/workspace/packages/core";
    role = "Owns the core.";
  };
}).poag
