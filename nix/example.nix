# An example carried out on the playground, in a copy: examples/<folder>/run with poag, and the tools of the flakes that it
# changes.
{ self, nixpkgs }:
{ name, folder }:
system:
let
  pkgs = nixpkgs.legacyPackages.${system};
  pinned = (builtins.fromJSON (builtins.readFile ../flake.lock)).nodes.nixpkgs.locked.narHash;
in
pkgs.writeShellApplication {
  inherit name;
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
    exec ${self}/examples/${folder}/run "$@"
  '';
}
