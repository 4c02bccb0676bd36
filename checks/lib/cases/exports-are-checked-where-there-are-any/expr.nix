{ lib, minimal, ... }:
let
  flake = lib.mkPoagFlake (
    minimal
    // {
      systems = [ "x86_64-linux" ];
      exports = {
        "AGENTS.md" = "agents-md";
        "role.md" = "llms-txt";
      };
    }
  );
  check = flake.checks.x86_64-linux.poag-hello-py-exports;
  found = builtins.fromJSON (builtins.readFile (builtins.elemAt check.args 6));
  graph = builtins.fromJSON (builtins.readFile (builtins.elemAt check.args 4));
in
{
  checks = builtins.attrNames flake.checks.x86_64-linux;
  inherit (check) name system;
  found = builtins.mapAttrs (_: builtins.typeOf) found;
  inherit (graph.experts.hello-py) exports;
  without =
    builtins.attrNames
      (lib.mkPoagFlake (minimal // { systems = [ "x86_64-linux" ]; })).checks.x86_64-linux;
}
