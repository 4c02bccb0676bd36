{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { outputz = { }; })).poag
