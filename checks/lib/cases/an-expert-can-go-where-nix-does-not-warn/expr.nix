{ lib, minimal, ... }:
let
  flake = lib.mkPoagFlake (
    minimal
    // {
      output = "lib.poag";
      outputs.lib.mine = 1;
    }
  );
in
{
  outputs = builtins.attrNames flake;
  lib = builtins.attrNames flake.lib;
  inherit (flake.lib.poag) root;
}
