# With a binary cache that answers and a pinned source that is there, nothing stands in for it, and nothing is said twice.
# shellcheck shell=sh
. ./prelude.sh
mkdir -p "$work/nixpkgs" "$work/flake" "$work/binary-cache" "$work/copy"
cat >"$work/nixpkgs/flake.nix" <<'END'
{
  outputs = _: {
    legacyPackages.x86_64-linux.origin = "the pinned nixpkgs";
    legacyPackages.aarch64-linux.origin = "the pinned nixpkgs";
  };
}
END
cat >"$work/flake/flake.nix" <<END
{
  inputs.nixpkgs.url = "path:$work/nixpkgs";
  outputs = { nixpkgs, ... }: {
    packages = builtins.mapAttrs (_: pkgs: {
      default = derivation {
        name = "origin";
        system = "builtin";
        builder = "builtin:buildenv";
        derivations = [ ];
        manifest = builtins.toFile "manifest" (builtins.trace pkgs.origin "");
      };
    }) nixpkgs.legacyPackages;
  };
}
END
cp -R "$repository/nixw" "$repository/nix" "$work/copy/"
"$nixw" flake lock "$work/flake" 2>/dev/null
cp "$work/flake/flake.lock" "$work/copy/flake.lock"
export NIX_CONFIG="substituters = file://$work/binary-cache"
equal "the first run" "$("$work/copy/nixw" build --no-link "$work/flake" 2>&1 | grep -v '^this deriv\|\.drv')" "nixw: trying whether nixpkgs and a binary cache can be reached
trace: the pinned nixpkgs"
equal "the second run" "$("$work/copy/nixw" build --no-link "$work/flake" 2>&1)" "trace: the pinned nixpkgs"
contains "the stand-in, when asked for" "$(NIXW_NIXPKGS=host fails "$work/copy/nixw" build --no-link "$work/flake")" "attribute 'origin' missing"
