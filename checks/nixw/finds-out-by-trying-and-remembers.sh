# A binary cache that does not answer means the stand-in, and is not asked again for some hours.
# shellcheck shell=sh
. ./prelude.sh
flake_with_nixpkgs "$work/flake" 'pkgs.writeShellScriptBin "hello" "echo hello"'
cd "$work/flake"
export NIX_CONFIG='substituters = http://127.0.0.1:9'
contains "the first run" "$("$nixw" run . 2>&1)" 'nixw: trying whether nixpkgs and a binary cache can be reached'
equal "the second run" "$("$nixw" run . 2>&1)" "nixw: nixpkgs cannot be reached: building with this host's tools in its place (NIXW_NIXPKGS=pinned insists on nixpkgs)
hello"
# An old verdict is worth nothing.
echo 'host 1' >"$cache/nixpkgs"
contains "a run long after" "$("$nixw" run . 2>&1)" 'nixw: trying'
# So is one that nobody can read.
echo 'garbage' >"$cache/nixpkgs"
contains "a run with a broken verdict" "$("$nixw" run . 2>&1)" 'nixw: trying'
