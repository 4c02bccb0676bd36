{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { outputs.checks = [ ]; })).checks
