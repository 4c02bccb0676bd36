# The builder of rust.nix. Crates and compiled dependencies stay in the cache folder, so that a rebuild after a change
# compiles the package alone.
# shellcheck shell=bash disable=SC2154,SC2164 # $cache, $pname and the like are the derivation's; bash -e runs this

export HOME=$NIX_BUILD_TOP CARGO_HOME=$cache/build/cargo-home CARGO_TARGET_DIR=$cache/build/$pname/target
mkdir -p "$CARGO_HOME" "$CARGO_TARGET_DIR"
seed build/cargo-home/registry/index build/cargo-home/registry/cache
for file in config.toml credentials.toml; do
	if [ -r "${host_cargo_home:-}/$file" ]; then ln -sf "$host_cargo_home/$file" "$CARGO_HOME/$file"; fi
done

# One build of a package at a time: they share a folder. The kernel drops the lock when we end.
if command -v flock >/dev/null; then
	exec 9>"$cache/build/$pname/lock"
	flock 9
fi

if [ -n "${crate:-}" ]; then
	"$cargo" install --locked --root "$out" "$crate"
	rm -f "$out"/.crates*
	exit
fi

work=$cache/build/$pname/source
rm -rf "$work"
cp -r "$src" "$work"
chmod -R u+w "$work"
cd "$work"
release=$CARGO_TARGET_DIR/${CARGO_BUILD_TARGET:+$CARGO_BUILD_TARGET/}release
# A program of an earlier version must not be taken for one of this version.
if [ -d "$release" ]; then find "$release" -maxdepth 1 -type f -delete; fi
eval "${preBuild:-}"
# shellcheck disable=SC2086 # flags are words
"$cargo" build --release --locked $cargoBuildFlags
if [ -n "$doCheck" ]; then
	# shellcheck disable=SC2086
	"$cargo" test --release --locked $cargoTestFlags
fi
if [ -n "${installPhase:-}" ]; then
	eval "$installPhase"
	exit
fi
mkdir -p "$out/bin" "$out/lib"
for file in "$release"/*; do
	if [ ! -f "$file" ]; then continue; fi
	case $file in
	*.so | *.dylib | *.a | *.wasm) cp "$file" "$out/lib/" ;;
	*.d | *.rlib) ;;
	*) if [ -x "$file" ]; then cp "$file" "$out/bin/"; fi ;;
	esac
done
rmdir --ignore-fail-on-non-empty "$out/bin" "$out/lib"
eval "${postInstall:-}"
