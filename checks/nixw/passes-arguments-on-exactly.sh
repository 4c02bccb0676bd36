# What follows the command reaches the program that nix runs, spaces, stars, empty words and options alike.
# shellcheck shell=sh
. ./prelude.sh
# shellcheck disable=SC2016 # for the program, not for us
flake_with_nixpkgs "$work/flake" 'pkgs.writeShellScriptBin "show" "printf \"[%s]\" \"$@\""'
cd "$work/flake"
equal "the program's arguments" "$(NIXW_NIXPKGS=host "$nixw" run . -- 'a  b' '*' '' --option -- '$HOME' 2>/dev/null)" '[a  b][*][][--option][--][$HOME]'
equal "an expression" "$("$nixw" eval --raw --expr '"a  *  b"')" 'a  *  b'
