{
  lib,
  minimal,
  ...
}:
lib.mkPoagFlake (minimal // { outputs.poag = 1; })
