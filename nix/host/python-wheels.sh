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
site() {
	rm -rf "$out"
	pip install --no-index --find-links "$wheels" --no-compile --target "$out/site"
}
# What was downloaded before is enough, or is completed.
if ! site 2>/dev/null; then
	pip download -d "$wheels" || echo "pip download failed"
	site || cannot "pip of $version could not download $(sed 's/ .*//' requirements.txt | xargs); repair: let it reach a registry"
fi
