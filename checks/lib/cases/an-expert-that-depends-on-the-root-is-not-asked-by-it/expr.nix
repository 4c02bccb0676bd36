{ workspace, fixtures, ... }:
let
  src = fixtures + "/workspace/packages";
  inherit
    (workspace {
      neighbors.core.needs = { };
      experts = {
        core = {
          src = src + "/core";
          role = "Owns the core.";
        };
        plugin = {
          src = src + "/core/plugin";
          role = "Owns the plugin.";
          neighbors.cli = { };
        };
        cli = {
          src = src + "/cli";
          role = "Owns the command line.";
          neighbors.workspace = { };
        };
      };
    })
    poag
    ;
in
builtins.mapAttrs (_: expert: builtins.attrNames expert.neighbors) poag.experts
