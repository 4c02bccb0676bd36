{ lib, minimal, ... }: lib.mkPoagFlake (minimal // { perSystem.packages = { }; })
