# A copy of its own files, in a folder with a space, through a relative path, from elsewhere.
# shellcheck shell=sh
. ./prelude.sh
mkdir -p "$work/a copy"
cp -R "$repository/nixw" "$repository/nix" "$repository/flake.lock" "$work/a copy/"
cd "$work"
equal "a copy" "$('./a copy/nixw' eval --expr '1 + 1')" 2
flake_with_nixpkgs "$work/flake" 'pkgs.writeShellScriptBin "hello" "echo hello"'
equal "a copy's stand-in" "$(NIXW_NIXPKGS=host './a copy/nixw' run ./flake 2>/dev/null)" hello
