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
      outputs.lib.answer = 42;
      perSystem = system: {
        packages.default = "package of ${system}";
        checks.mine = throw "not looked at";
        formatter = "formatter of ${system}";
      };
    }
  );
in
{
  outputs = builtins.attrNames flake;
  inherit (flake) packages formatter;
  checks = builtins.mapAttrs (_: builtins.attrNames) flake.checks;
}
