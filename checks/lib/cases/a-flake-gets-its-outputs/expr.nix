{
  lib,
  minimal,
  ...
}:
let
  flake = lib.mkPoagFlake (
    minimal
    // {
      systems = [
        "x86_64-linux"
        "aarch64-darwin"
      ];
      outputs = {
        lib.answer = 42;
        anything = "else";
        packages.x86_64-linux.default = "package";
        checks.x86_64-linux.mine = "check";
        checks.riscv64-linux.mine = "check";
        apps.x86_64-linux.default = "app";
      };
    }
  );
in
{
  outputs = builtins.attrNames flake;
  inherit (flake)
    lib
    anything
    packages
    apps
    ;
  checks = builtins.mapAttrs (_: builtins.attrNames) flake.checks;
  inherit (flake.checks.x86_64-linux) mine;
  inherit (flake.poag) root;
}
