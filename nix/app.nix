# The command line of one expert's flake: poag, told which flake it belongs to.
# dir: the flake's folder relative to the root of its repository, "" for the root. expert: its name.
{ pkgs, poag }:
{ dir, expert }:
let
  quote = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] text}'";
in
pkgs.writeShellScriptBin "poag" ''
  POAG_APP_DIR=${quote dir} POAG_APP_EXPERT=${quote expert} exec ${poag}/bin/poag "$@"
''
