{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { outputs.packages.x86_64-linux.poag = 1; })).packages.x86_64-linux
