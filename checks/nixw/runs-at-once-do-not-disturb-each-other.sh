# Four first runs at the same time, with an empty cache but for nix itself, all succeed.
# shellcheck shell=sh
. ./prelude.sh
flake_with_nixpkgs "$work/flake" 'pkgs.writeShellScriptBin "hello" "echo hello"'
export NIXW_NIXPKGS=host
for run in 1 2 3 4; do
	"$nixw" run "$work/flake" >"$work/$run" 2>"$work/$run.said" &
done
wait
for run in 1 2 3 4; do
	equal "run $run, which said $(cat "$work/$run.said")" "$(cat "$work/$run")" hello
done
