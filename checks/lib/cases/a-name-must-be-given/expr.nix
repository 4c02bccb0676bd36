{
  lib,
  minimal,
  ...
}:
lib.mkPoagExpert (removeAttrs minimal [ "name" ])
