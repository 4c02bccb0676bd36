# The stand-in is never silent, and never loud: one line each time, and the tools it found the first time.
# shellcheck shell=sh
. ./prelude.sh
flake_with_nixpkgs "$work/flake" 'pkgs.writeShellScriptBin "hello" "echo hello"'
cd "$work/flake"
export NIXW_NIXPKGS=host
contains "the first run" "$("$nixw" run . 2>&1)" 'nixw: tools found on this host: '
output=$("$nixw" run . 2>&1)
equal "the second run" "$output" "nixw: building with this host's tools in place of nixpkgs (NIXW_NIXPKGS=host)
hello"
