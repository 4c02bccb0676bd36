{
  lib,
  minimal,
  ...
}:
lib.mkPoagExpert (removeAttrs minimal [ "role" ])
