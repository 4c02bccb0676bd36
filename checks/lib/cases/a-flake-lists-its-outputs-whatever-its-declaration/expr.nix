{ lib, ... }:
let
  shown =
    declaration:
    let
      flake = lib.mkPoagFlake declaration;
      check = flake.checks.x86_64-linux;
    in
    {
      outputs = builtins.attrNames flake;
      checks = builtins.mapAttrs (_: each: { inherit (each) name type; }) check;
      app = flake.apps.x86_64-linux.poag.type;
    };
in
{
  nameless = shown { };
  misnamed = shown { name = "hello py"; };
  wrong = shown {
    name = "hello-py";
    src = true;
  };
}
