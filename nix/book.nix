# The book: `nix build .#book`, then open result/index.html.
{ pkgs }:
pkgs.runCommand "poag-book" { nativeBuildInputs = [ pkgs.mdbook ]; } ''
  mdbook build --dest-dir "$out" ${../docs}
''
