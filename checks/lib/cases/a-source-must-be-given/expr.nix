{
  lib,
  minimal,
  ...
}:
lib.mkPoagExpert (removeAttrs minimal [ "src" ])
