# Decides where nixpkgs comes from: the pinned one, or the stand-in made of this host's tools. Found out by trying.
# Sourced by nixw.
# shellcheck shell=sh disable=SC2154 # variables go between the files of nixw

# choose_nixpkgs auto|pinned|host: sets $nixpkgs to pinned or host.
choose_nixpkgs() {
	case $1 in
	pinned) nixpkgs=pinned ;;
	host)
		nixpkgs=host
		say "building with this host's tools in place of nixpkgs (NIXW_NIXPKGS=host)"
		;;
	auto)
		remembered "$(date +%s)"
		case $nixpkgs in
		pinned) ;;
		host) say "nixpkgs cannot be reached: building with this host's tools in its place (NIXW_NIXPKGS=pinned insists on nixpkgs)" ;;
		esac
		;;
	*) die "NIXW_NIXPKGS: unknown choice '$1'; set it to auto, pinned or host" ;;
	esac
	if [ "$nixpkgs" = host ]; then
		# The builders are this host's own tools, and there is nothing to substitute.
		config 'sandbox = false'
		config 'substituters ='
	fi
}

# remembered NOW: sets $nixpkgs to the verdict of the last hours, or tries anew.
remembered() {
	verdict='' since=0
	[ ! -f "$cache/nixpkgs" ] || read -r verdict since <"$cache/nixpkgs" || :
	age=$(($1 - ${since:-0}))
	case $verdict in
	pinned) [ "$age" -lt 86400 ] || verdict='' ;;
	host) [ "$age" -lt 14400 ] || verdict='' ;;
	*) verdict='' ;;
	esac
	if [ -z "$verdict" ]; then
		say "trying whether nixpkgs and a binary cache can be reached"
		verdict=host
		! reachable || verdict=pinned
		mkdir -p "$cache"
		printf '%s %s\n' "$verdict" "$1" >"$cache/nixpkgs.$$"
		mv "$cache/nixpkgs.$$" "$cache/nixpkgs"
	fi
	nixpkgs=$verdict
}

# reachable: a binary cache answers, and the pinned source is here or can be fetched (it stays for the build to use).
reachable() {
	for substituter in $(nix config show substituters); do
		if limited 20 nix store info --store "$substituter"; then
			limited 900 nix eval --raw --file "$here/nix/nixw/source.nix" --argstr lock "$here/flake.lock" path
			return
		fi
	done
	return 1
}

# limited SECONDS nix ARGS...: quiet, with short network timeouts.
limited() {
	seconds=$1
	shift
	if command -v timeout >/dev/null 2>&1; then set -- timeout "$seconds" "$@"; fi
	"$@" --option connect-timeout 5 --option download-attempts 1 --option stalled-download-timeout 30 >/dev/null 2>&1
}
