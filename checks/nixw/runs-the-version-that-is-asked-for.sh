# NIXW_NIX switches between versions, or names a binary.
# shellcheck shell=sh
. ./prelude.sh
for version in 2.26 2.34; do
	[ -e "$cache/nix-$version" ] || continue
	contains "nix $version" "$(NIXW_NIX=$version "$nixw" --version)" "(Nix) $version."
	contains "nix by path" "$(NIXW_NIX=$cache/nix-$version/bin/nix "$nixw" --version)" "(Nix) $version."
done
contains "an unknown nix" "$(NIXW_NIX=2.8 fails "$nixw" --version)" "unknown nix '2.8'; set it to auto, 2.26, 2.34 or the path of a nix binary"
contains "a missing nix" "$(NIXW_NIX=/no/nix fails "$nixw" --version)" "/no/nix is not a program"
contains "an unknown nixpkgs" "$(NIXW_NIXPKGS=no fails "$nixw" build "$repository")" "unknown choice 'no'; set it to auto, pinned or host"
