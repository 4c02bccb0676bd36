# The builder of python.nix for a package with sources: a wheel in $dist, and a virtual environment with it in $out.
# shellcheck shell=bash disable=SC2154,SC2164 # $src, $out and the like are the derivation's; bash -e runs this

export HOME=$NIX_BUILD_TOP PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
for package in $buildSystem; do
	if [ -e "$package/missing" ]; then
		mkdir "$out" "$dist"
		tee "$out/missing" <"$package/missing"
		exit 0
	fi
done
cp -r "$src" source
chmod -R u+w source
cd source
eval "$preBuild"
mkdir -p "$dist"
# The time in an archive is that of its making unless this is set; zip knows none before 1980.
SOURCE_DATE_EPOCH=315532800 PYTHONPATH=$buildSites "$python" -m pip wheel -q --no-index --no-deps --no-build-isolation -w "$dist" .
"$python" -m venv --without-pip "$out"
"$python" -m pip --python "$out/bin/python" install -q --no-index --no-deps --no-compile "$dist"/*.whl
cd "$NIX_BUILD_TOP"
for module in $imports; do PYTHONPATH=$sites "$out/bin/python" -c "import $module"; done
