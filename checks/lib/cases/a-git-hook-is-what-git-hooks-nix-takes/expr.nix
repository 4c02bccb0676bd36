{ lib, ... }:
lib.gitHook
// {
  entry = builtins.match "sh .*/[a-z0-9]*-pre-commit" lib.gitHook.entry != null;
}
