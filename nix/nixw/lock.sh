# Puts the stand-in in place of the pinned nixpkgs, in a flake and in all that it depends on.
# Sourced by nixw.
# shellcheck shell=sh disable=SC2015,SC2034,SC2154 # variables go between the files of nixw

# substitute_lock FLAKE: sets $lock to a file to be read in place of the flake's flake.lock ('' for a flake without inputs).
substitute_lock() {
	name_lock "$1"
	[ ! -f "$lock" ] || return 0
	# nix would write a missing or outdated lock by itself, and has to do so before it can be read here.
	nix flake lock "$1" || exit
	if [ ! -f "$1/flake.lock" ]; then
		lock=''
		return 0
	fi
	name_lock "$1"
	mkdir -p "$cache/lock"
	nix eval --raw --file "$here/nix/nixw/lock.nix" --argstr lock "$1/flake.lock" --argstr pin "$here/flake.lock" \
		--argstr standIn "$folder" text >"$lock.$$" && mv "$lock.$$" "$lock" || exit
}

# name_lock FLAKE: sets $lock to a name that changes with the flake's inputs, the pin and the stand-in.
name_lock() {
	set -- "$1/flake.nix" "$1/flake.lock" "$here/flake.lock"
	[ -f "$2" ] || set -- "$1" "$3"
	lock=$cache/lock/$key-$(cat "$@" | cksum | tr ' ' -).json
}
