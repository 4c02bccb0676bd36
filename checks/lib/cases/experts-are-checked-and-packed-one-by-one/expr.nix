{ workspace, fixtures, ... }:
let
  flake = workspace {
    systems = [ "x86_64-linux" ];
    exports."AGENTS.md" = "agents-md";
    experts.core = {
      src = fixtures + "/workspace/packages/core";
      role = "Owns the core.";
      exports."AGENTS.md" = "agents-md";
    };
  };
  inherit (flake.checks) x86_64-linux;
in
{
  checks = builtins.mapAttrs (name: check: check.name) x86_64-linux;
  packs = builtins.mapAttrs (_: pack: pack.name) flake.legacyPackages.x86_64-linux;
  apps = builtins.attrNames flake.apps.x86_64-linux;
  isStale = (builtins.tryEval x86_64-linux.poag-core.outPath).success;
}
