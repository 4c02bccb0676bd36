{
  lib,
  minimal,
  ...
}:
(lib.mkPoagFlake (minimal // { systems = "x86_64-linux"; })).checks
