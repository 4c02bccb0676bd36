# The builder of python.nix for packages of the registry: $out/site is a folder for PYTHONPATH.
# shellcheck shell=bash disable=SC2154 # $out, $python and the like are the derivation's, $downloads is obtain.sh's

printf '%s' "$requirements" >requirements.txt
wheels=$downloads/python
mkdir -p "$wheels"
pip() {
	local command=$1
	shift
	client "$python" -m pip "$command" -q --require-hashes --no-deps --only-binary :all: -r requirements.txt "$@"
}
"$python" -m pip --version ||
	cannot "$version has no pip; repair: Debian's package python3-pip"
pip install --no-index --find-links "$wheels" --no-compile --target "$out/site" 2>/dev/null || {
	rm -rf "$out"
	pip download -d "$wheels" && pip install --no-index --find-links "$wheels" --no-compile --target "$out/site" || {
		rm -rf "$out"
		cannot "$(head -n 1 requirements.txt | cut -d ' ' -f 1) could not be had from the registry of $version's pip; repair: a registry that pip can reach"
	}
}
