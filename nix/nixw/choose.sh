# Chooses the nix to use and sets the environment for it: PATH and NIX_CONFIG, for itself and its children only.
# Sourced by nixw.
# shellcheck shell=sh disable=SC2034,SC2154 # variables go between the files of nixw

# choose_nix auto|2.26|2.34|PATH
choose_nix() {
	case $1 in
	auto)
		if recent_enough "$(_NIXW_CHOOSING=1 nix --version 2>/dev/null || :)"; then
			settings
			return
		fi
		private_nix 2.26
		;;
	2.26 | 2.34) private_nix "$1" ;;
	*/*)
		[ -x "$1" ] || die "NIXW_NIX: $1 is not a program; set it to auto, 2.26, 2.34 or the path of a nix binary"
		nix_dir=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)
		PATH=$nix_dir:$PATH
		settings
		;;
	*) die "NIXW_NIX: unknown nix '$1'; set it to auto, 2.26, 2.34 or the path of a nix binary" ;;
	esac
}

# recent_enough "nix (Nix) 2.26.3": whether relative path inputs work.
recent_enough() {
	version=${1##* }
	major=${version%%.*}
	minor=${version#*.}
	minor=${minor%%[!0-9]*}
	case $major.$minor in *[!0-9.]* | .* | *.) return 1 ;; esac
	[ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 26 ]; }
}

# private_nix VERSION: puts a nix of our own first on PATH, its caches in our folder.
private_nix() {
	case $1 in
	2.26) suite=trixie ;;
	2.34) suite=sid ;;
	esac
	nix_dir=$cache/nix-$1
	if [ ! -x "$nix_dir/bin/nix" ]; then
		# shellcheck source=nix/nixw/obtain.sh
		. "$here/nix/nixw/obtain.sh"
		obtain "$suite" "$nix_dir"
	fi
	# A nixw inside another one sets nothing twice.
	case $PATH@${NIX_CONFIG:-} in "$nix_dir/bin:"*@*'extra-experimental-features = nix-command flakes'*) return ;; esac
	PATH=$nix_dir/bin:$PATH
	own_nix=1
	export PATH NIX_CACHE_HOME="$cache/home/cache" NIX_STATE_HOME="$cache/home/state" NIX_DATA_HOME="$cache/home/data"
	settings
}

# settings: flakes, and what root needs that builds without a daemon: there are no build users, and the sandbox takes
# more rights than a container gives.
settings() {
	config 'extra-experimental-features = nix-command flakes'
	if [ "$(id -u)" = 0 ] && [ ! -S /nix/var/nix/daemon-socket/socket ] && ! grep -q '^nixbld:' /etc/group; then
		config 'sandbox = false'
		config 'build-users-group ='
	fi
}

# can_build: whether this user can write to the Nix store, alone or through a daemon.
can_build() {
	[ "$(id -u)" = 0 ] || [ -n "${NIX_REMOTE:-}" ] || [ -S /nix/var/nix/daemon-socket/socket ] || [ -w /nix/var/nix ]
}

# config LINE: adds a line of nix.conf, for this nix and its children.
config() {
	NIX_CONFIG="${NIX_CONFIG:+$NIX_CONFIG
}$1"
	export NIX_CONFIG
}
