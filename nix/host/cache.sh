# Where builders keep what lasts: $cache, with the environment that nixw wrote there. One that cannot write there has a folder
# of its own: a builder of another user, or of a nix that runs within a wall, which permissions do not tell. So it is tried.
# shellcheck shell=bash disable=SC2154 # $cache is the derivation's

given=$cache
if ! mkdir -p "$given/build" 2>/dev/null || ! tried=$(mktemp "$given/build/tried.XXXXXX" 2>/dev/null); then
	cache=$NIX_BUILD_TOP/cache
	mkdir -p "$cache/build"
else
	rm -f "$tried"
fi
# shellcheck disable=SC1091 # written by nixw
if [ -r "$given/host.env" ]; then . "$given/host.env"; fi

# seed PATH...: what was downloaded before, where it can only be read. What cannot be read is downloaded anew.
seed() {
	local path
	if [ "$cache" = "$given" ]; then return; fi
	for path in "$@"; do
		mkdir -p "$cache/$path"
		cp -R "$given/$path/." "$cache/$path/" 2>/dev/null || :
	done
}
