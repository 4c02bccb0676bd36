# `nix run .#poag` takes the app, and the runner asks for `.#.poag`.
{ lib, minimal, ... }:
let
  flake = lib.mkPoagFlake (minimal // { outputs.packages.x86_64-linux.poag = 1; });
in
{
  inherit (flake) packages;
  inherit (flake.poag) root;
  app = flake.apps.x86_64-linux.poag.type;
}
