{ workspace, fixtures, ... }:
(workspace {
  experts = {
    core = {
      src = fixtures + "/workspace/packages/core";
      role = "Owns the core.";
    };
    cli = {
      src = fixtures + "/workspace/packages/cli";
      role = "Owns the command line.";
      neighbors.cor.needs.api = "prices";
    };
  };
}).poag
