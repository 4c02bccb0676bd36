{
  lib,
  minimal,
  ...
}:
lib.mkPoagFlake (minimal // { outputs = _: { }; })
