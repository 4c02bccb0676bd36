# A private home and a private temporary folder stay empty but for the cache folder; flake and checkout stay as they were.
# shellcheck shell=sh
. ./prelude.sh
flake_with_nixpkgs "$work/flake" 'pkgs.runCommand "made" { } "echo made > $out"'
mkdir "$work/tmp"
before=$(git -C "$repository" status --porcelain)
cd "$work/flake"
for _ in 1 2; do
	TMPDIR=$work/tmp NIXW_NIXPKGS=host "$nixw" build --no-link .
done
equal "other files in the home" "$(find "$HOME" ! -type d ! -path "$cache/*")" ''
equal "temporary files" "$(ls -A "$work/tmp")" ''
equal "files of the flake" "$(ls -A)" 'flake.lock
flake.nix'
cmp flake.lock "$repository/flake.lock"
equal "the checkout" "$(git -C "$repository" status --porcelain)" "$before"
equal "unfinished work in the cache" "$(find "$cache" -maxdepth 1 -name 'tmp.*')" ''
