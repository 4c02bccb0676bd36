{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { output = { }; })).poag
