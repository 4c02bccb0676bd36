# Evaluation and store commands need no nixpkgs, so nothing is tried and nothing said.
# shellcheck shell=sh
. ./prelude.sh
flake_with_nixpkgs "$work/flake" 'throw "not needed"'
cd "$work/flake"
export NIXW_NIXPKGS=no-such-choice
equal "an evaluation" "$("$nixw" eval --expr '1 + 1' 2>&1)" 2
"$nixw" hash path . >/dev/null
"$nixw" flake metadata --json . >/dev/null
"$nixw" build --no-link --expr 'derivation { name = "x"; system = "builtin"; builder = "builtin:buildenv"; derivations = [ ]; manifest = builtins.toFile "m" ""; }' --impure --offline
