# A nix that is 2.26 or newer needs no other; an older one, or what does not tell its version, is passed by.
# shellcheck shell=sh
. ./prelude.sh
mkdir "$work/bin"
PATH=$work/bin:/usr/local/bin:/usr/bin:/bin
export NIXW_NIX=auto
for version in 'nix (Nix) 2.26.0' 'nix (Nix) 2.34.8' 'nix (Nix) 3.0' 'nix (Nix) 2.30pre20250101_abc'; do
	printf '#!/bin/sh\necho "%s"\n' "$version" >"$work/bin/nix"
	chmod +x "$work/bin/nix"
	equal "the nix in use" "$("$nixw" --version)" "$version"
done
[ -e "$cache/nix-2.26" ] || exit 0
for version in 'nix (Nix) 2.8.0' 'nix (Nix) 2.25.9' 'nix (Nix) 1.99' 'something else' ''; do
	printf '#!/bin/sh\necho "%s"\n' "$version" >"$work/bin/nix"
	contains "the nix in use instead of '$version'" "$("$nixw" --version)" "(Nix) 2.26."
done
