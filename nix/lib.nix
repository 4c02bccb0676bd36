# The library of this flake: `lib/`, and the programs that it hands out.
{ self, nixpkgs }:
let
  packageFor = system: self.packages.${system}.default;
in
import ../lib {
  inherit packageFor;
  supports = system: self.packages ? ${system};
  mkApp =
    system:
    import ./app.nix {
      pkgs = nixpkgs.legacyPackages.${system};
      poag = packageFor system;
    };
  mkRun =
    system:
    import ./run.nix {
      inherit system;
      poag = packageFor system;
    };
}
