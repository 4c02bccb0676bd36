# Reads the nix command line: does it need nixpkgs, of which local flake, and where may options be put in?
# Sourced by nixw.
# shellcheck shell=sh disable=SC2034 # variables go between the files of nixw

# read_command ARGS...: sets $flake, the folder of the local flake whose inputs matter ('' when none do), and
# $command_end, how many of ARGS are the command's own words, so that its options may follow.
read_command() {
	flake='' command_end=0 position=0 skip=0 command='' ref='' found=''
	for arg in "$@"; do
		position=$((position + 1))
		if [ "$skip" -gt 0 ]; then
			skip=$((skip - 1))
			continue
		fi
		case $arg in
		--) break ;;
		-f | --file | --expr | --stdin) return 0 ;;
		--option | --arg | --argstr | --arg-from-file | --override-input | --override-flake | --redirect | --set-env-var) skip=2 ;;
		-I | -j | -k | -o | -s | -u | --include | --max-jobs | --cores | --builders | --store | --eval-store | --log-format | \
			--out-link | --profile | --inputs-from | --update-input | --apply | --keep-env-var | --unset-env-var | --phase | \
			--reference-lock-file | --output-lock-file | --arg-from-stdin | --priority | --to | --bundler) skip=1 ;;
		-c | --command) break ;;
		-*) ;;
		*)
			case $command in
			'' | flake | formatter) command=${command:+$command }$arg command_end=$position ;;
			*) [ -n "$found" ] || ref=$arg found=1 ;;
			esac
			;;
		esac
	done
	case $command in
	run | build | develop | shell | bundle | print-dev-env | 'flake check' | 'flake show') ;;
	fmt | 'formatter run' | 'formatter build') ref=. ;;
	*) return 0 ;;
	esac
	local_flake "$ref"
}

# local_flake REF: sets $flake to the folder of flake.nix that REF means, as nix finds it; '' for a flake elsewhere.
local_flake() {
	dir=${1%%\#*}
	sub=''
	case $dir in *\?dir=* | *\&dir=*) sub=${dir##*dir=} sub=${sub%%&*} ;; esac
	dir=${dir%%\?*}
	case $dir in
	path:* | git+file:*)
		dir=${dir#*:}
		case $dir in ///*) dir=${dir#//} ;; esac
		;;
	'' | . | .. | ./* | ../* | /*) ;;
	*) return 0 ;;
	esac
	dir=$(CDPATH='' cd -- "${dir:-.}${sub:+/$sub}" 2>/dev/null && pwd) || return 0
	while [ ! -f "$dir/flake.nix" ]; do
		if [ "$dir" = / ] || [ -e "$dir/.git" ]; then return 0; fi
		dir=$(dirname -- "$dir")
	done
	flake=$dir
}
