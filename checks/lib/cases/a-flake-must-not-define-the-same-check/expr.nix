{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { outputs.checks.x86_64-linux.poag-hello-py = 1; }))
.checks.x86_64-linux
