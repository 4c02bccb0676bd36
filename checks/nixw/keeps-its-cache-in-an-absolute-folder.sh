# A HOME or XDG_CACHE_HOME that is not absolute counts for nothing, and the cache is for its owner alone.
# shellcheck shell=sh
. ./prelude.sh
where() { # HOME XDG_CACHE_HOME
	(
		cd "$work" || exit
		# shellcheck disable=SC2030,SC2034 # for the file sourced below
		HOME=$1 XDG_CACHE_HOME=$2
		die() { echo "$*"; }
		. "$repository/nix/nixw/folders.sh"
		echo "$cache"
	)
}
own=$(getent passwd "$(id -u)" | cut -d: -f6)
equal "an absolute XDG_CACHE_HOME" "$(where "$work/h" "$work/c")" "$work/c/poag/nixw"
equal "a relative XDG_CACHE_HOME" "$(where "$work/h" c)" "$work/h/.cache/poag/nixw"
for home in "" relative ./here; do
	equal "HOME=$home" "$(where "$home" "$work/c")" "$work/c/poag/nixw"
	[ ! -w "$own" ] || equal "HOME=$home alone" "$(where "$home" "")" "$own/.cache/poag/nixw"
done
equal "its mode" "$(stat -c %a "$work/c/poag/nixw")" 700
