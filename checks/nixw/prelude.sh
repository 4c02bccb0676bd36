# What the tests of nixw share: a home of their own in $work, with the nix that was obtained before.
# shellcheck shell=sh disable=SC2034 # for the tests
set -eu

repository=$(git rev-parse --show-toplevel)
# The nix on PATH may be anyone's; these tests are about the obtained ones.
case ${NIXW_NIX:-auto} in 2.34) NIXW_NIX=2.34 ;; *) NIXW_NIX=2.26 ;; esac
export NIXW_NIX
obtained=${XDG_CACHE_HOME:-$HOME/.cache}/poag/nixw
"$repository/nixw" --version >/dev/null

# Tools found through the home of whoever runs this.
RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export RUSTUP_HOME
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export HOME="$work/home"
unset XDG_CACHE_HOME NIXW_NIXPKGS NIX_CONFIG NIX_CACHE_HOME NIX_STATE_HOME NIX_DATA_HOME
cache=$HOME/.cache/poag/nixw
mkdir -p "$cache"
for version in 2.26 2.34; do
	if [ -d "$obtained/nix-$version" ]; then ln -s "$obtained/nix-$version" "$cache/nix-$version"; fi
done
nixw=$repository/nixw

fail() {
	printf 'expected %s\n' "$*"
	exit 1
}

# equal WHAT ACTUAL EXPECTED
equal() {
	[ "$2" = "$3" ] || fail "$1 to be:
$3
but it is:
$2"
}

# contains WHAT TEXT PART
contains() {
	case $2 in
	*"$3"*) ;;
	*) fail "$1 to contain '$3', but it is:
$2" ;;
	esac
}

# fails COMMAND...: runs it, which has to fail, and prints what it said.
fails() {
	if "$@" 2>&1; then fail "'$*' to fail"; fi
}

# flake_with_nixpkgs FOLDER OUTPUT: a flake whose nixpkgs is the pinned one; OUTPUT is its default package, made from pkgs.
flake_with_nixpkgs() {
	mkdir -p "$1"
	cp "$repository/flake.lock" "$1/flake.lock"
	cat >"$1/flake.nix" <<END
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { nixpkgs, ... }: {
    packages = builtins.mapAttrs (_: pkgs: { default = $2; }) nixpkgs.legacyPackages;
  };
}
END
}
