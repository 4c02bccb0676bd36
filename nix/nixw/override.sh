# Puts the stand-in in place of the pinned nixpkgs, in a flake and in all that it depends on.
# Sourced by nixw.
# shellcheck shell=sh disable=SC2034,SC2154 # variables go between the files of nixw

# override_inputs FLAKE: sets $inputs, the paths of the flake's inputs that are the pinned nixpkgs, one per line.
override_inputs() {
	# nix would write a missing or outdated lock itself; it has to be there before its inputs can be named.
	if [ ! -f "$1/flake.lock" ] || [ -n "$(find "$1/flake.nix" -newer "$1/flake.lock")" ]; then
		nix flake lock "$1" || exit
	fi
	inputs=''
	[ ! -f "$1/flake.lock" ] || inputs=$(nix eval --raw --file "$here/nix/nixw/inputs.nix" \
		--argstr lock "$1/flake.lock" --argstr pin "$here/flake.lock") || exit
}
