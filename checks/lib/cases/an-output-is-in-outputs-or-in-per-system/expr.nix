{ lib, minimal, ... }:
lib.mkPoagFlake (
  minimal
  // {
    outputs.packages = { };
    perSystem = _: { packages.default = 1; };
  }
)
