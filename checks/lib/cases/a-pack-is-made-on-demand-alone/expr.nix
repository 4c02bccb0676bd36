# The pack of an expert that has an error is an error, and no other output is.
{ lib, minimal, ... }:
let
  flake = lib.mkPoagFlake (
    minimal
    // {
      systems = [ "x86_64-linux" ];
      outputs.legacyPackages.x86_64-linux.mine = "package";
      outputs.legacyPackages.riscv64-linux = throw "nobody asked for it";
      provides.greet = {
        summary = "greet";
        files = [ "nowhere.py" ];
      };
    }
  );
in
{
  packages = builtins.attrNames flake.legacyPackages.x86_64-linux;
  inherit (flake.legacyPackages.x86_64-linux) mine;
  systems = builtins.attrNames flake.legacyPackages;
  made =
    (builtins.tryEval (builtins.deepSeq flake.legacyPackages.x86_64-linux.poag-pack true)).success;
}
