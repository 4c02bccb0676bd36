# The builder of python.nix for python3.withPackages: $out/bin/python3 finds the packages.
# shellcheck shell=bash disable=SC2154 # $out, $chosen and the like are the derivation's

mkdir -p "$out/bin"
found=
for package in $chosen; do
	if [ -e "$package/missing" ]; then cat "$package/missing" >>"$out/missing"; fi
	for site in "$package"/site "$package"/lib/python3*/site-packages; do
		if [ -d "$site" ]; then found=$found${found:+:}$site; fi
	done
done
printf '#!/bin/sh\nPYTHONPATH=%s exec %s "$@"\n' "$found" "$python" >"$out/bin/python3"
chmod +x "$out/bin/python3"
