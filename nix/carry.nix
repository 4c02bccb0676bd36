# A plan carried out on the playground, in a copy: examples/polite/run with poag, and the tools of the five flakes that it
# changes.
{ self, nixpkgs }:
system:
let
  pkgs = nixpkgs.legacyPackages.${system};
  pinned = (builtins.fromJSON (builtins.readFile ../flake.lock)).nodes.nixpkgs.locked.narHash;
in
pkgs.writeShellApplication {
  name = "carry";
  runtimeInputs = [
    self.packages.${system}.default
    pkgs.cargo
    pkgs.git
    pkgs.nodejs
    pkgs.rustc
    (pkgs.stdenv.cc or pkgs.gcc)
  ];
  text = ''
    ${
      # The copy takes what stands in for nixpkgs here, too.
      if nixpkgs.narHash == pinned then "" else "export POLITE_NIXPKGS=${nixpkgs}"
    }
    exec ${self}/examples/polite/run "$@"
  '';
}
