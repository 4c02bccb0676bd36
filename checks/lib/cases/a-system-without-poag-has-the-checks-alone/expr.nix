{ minimal, ... }:
let
  lib = import ../../../../lib {
    mkApp = system: _: "/app/${system}";
    mkRun = system: run: run // { inherit system; };
    supports = system: system != "x86_64-darwin";
  };
  flake = lib.mkPoagFlake (
    minimal
    // {
      systems = [
        "x86_64-darwin"
        "x86_64-linux"
      ];
      exports."AGENTS.md" = "agents-md";
    }
  );
in
{
  apps = builtins.mapAttrs (_: builtins.attrNames) flake.apps;
  checks = builtins.mapAttrs (_: builtins.attrNames) flake.checks;
  byDefault = builtins.attrNames (lib.mkPoagFlake minimal).apps;
}
