{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { outputs.apps.x86_64-linux.poag = 1; })).apps.x86_64-linux
