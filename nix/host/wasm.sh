# The builder of wasm.nix: $out/bin/rustc is this host's, with a sysroot that has one more target.
# shellcheck shell=bash disable=SC2154 # $out, $rustc and the like are the derivation's, $downloads is obtain.sh's

# programs [OPTIONS]: bin/ with this host's rustc and rustdoc, started with these options.
programs() {
	mkdir -p "$out/bin"
	local program
	for program in "$rustc" "$rustdoc"; do
		if [ ! -x "$program" ]; then continue; fi
		# Not sh: some drop variables whose names hold a dash, as CARGO_BIN_EXE_hello-rs does.
		printf '#!%s\nexec %s %s "$@"\n' "$BASH" "$program" "$*" >"$out/bin/${program##*/}"
		chmod +x "$out/bin/${program##*/}"
	done
}

programs
sysroot=$("$rustc" --print sysroot)
# lacks WHY: what is missing, why it could not be obtained, and what a person can do.
lacks() { cannot "$version has no target $target, and $1; repair: rustup target add $target, or Debian's package libstd-rust-dev-wasm32"; }
manifest=$sysroot/lib/rustlib/multirust-channel-manifest.toml
if [ ! -r "$manifest" ]; then lacks "it was not installed by rustup"; fi

# The manifest of a toolchain that rustup installed names the file for each target, and its hash.
entry=$(sed -n "/^\[pkg\.rust-std\.target\.$target\]/,/^\$/p" "$manifest")
field() { sed -n "s/^$1 = \"\(.*\)\"/\1/p" <<<"$entry"; }
url=$(field url) hash=$(field hash)
if command -v xz >/dev/null; then url=$(field xz_url) hash=$(field xz_hash); fi
if [ -z "$url" ]; then lacks "rustup's manifest has none for it"; fi
file=$downloads/${url##*/}
if ! intact "$file" 256 "$hash"; then
	echo "downloading ${url##*/} (about 20 MB, once)"
	curl -sSfL --retry 3 --connect-timeout 20 -o new "$url" || rm -f new
	intact new 256 "$hash" || lacks "it could not be downloaded"
	mv new "$file.$$"
	mv "$file.$$" "$file"
fi

mkdir -p "$out/sysroot/lib/rustlib" std
tar -xf "$file" --strip-components=2 -C std
cp -r "std/lib/rustlib/$target" "$out/sysroot/lib/rustlib/"
for entry in "$sysroot"/lib/*; do
	if [ "${entry##*/}" != rustlib ]; then ln -s "$entry" "$out/sysroot/lib/"; fi
done
ln -s "$sysroot"/lib/rustlib/* "$out/sysroot/lib/rustlib/"
programs --sysroot "$out/sysroot"
"$out/bin/rustc" --print target-libdir --target "$target"
