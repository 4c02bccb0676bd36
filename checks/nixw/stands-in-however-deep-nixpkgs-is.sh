# A flake that has nixpkgs only through another one's input, with no lock yet, builds with the stand-in.
# shellcheck shell=sh
. ./prelude.sh
flake_with_nixpkgs "$work/a b/provider" 'pkgs.writeShellScriptBin "hello" "echo hello from below"'
for name in middle consumer; do
	below=provider
	[ "$name" = middle ] || below=middle
	mkdir "$work/a b/$name"
	cat >"$work/a b/$name/flake.nix" <<END
{
  inputs.below.url = "path:../$below";
  outputs = { below, ... }: { inherit (below) packages; };
}
END
done
cd "$work/a b"
git init -q .
git add .
cd consumer
export NIXW_NIXPKGS=host
contains "from its folder" "$("$nixw" run 2>/dev/null)" 'hello from below'
git add .
mkdir inner
cd inner
contains "from a folder in it" "$("$nixw" run . 2>/dev/null)" 'hello from below'
cd /
contains "from elsewhere" "$("$nixw" run "$work/a b/consumer#default" 2>/dev/null)" 'hello from below'
