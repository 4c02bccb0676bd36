# `nix fmt`: nixfmt over the given files, or over all Nix files that git knows.
{ pkgs }:
pkgs.writeShellScriptBin "format" ''
  set -e
  if [ "$#" -gt 0 ]; then exec ${pkgs.nixfmt}/bin/nixfmt "$@"; fi
  cd "$(git rev-parse --show-toplevel)"
  git ls-files -z '*.nix' | xargs -0 ${pkgs.nixfmt}/bin/nixfmt
''
