# What this flake has for each system.
{ self, nixpkgs }:
system:
let
  pkgs = nixpkgs.legacyPackages.${system};
  example = import ./example.nix { inherit self nixpkgs; };
in
{
  packages.default = import ./package.nix { inherit pkgs; };
  # Not among the packages, all of which `nix flake check` would instantiate: a host may lack mdBook or Node.js.
  legacyPackages = {
    book = import ./book.nix { inherit pkgs; };
    carry = example {
      name = "carry";
      folder = "polite";
    } system;
    design = example {
      name = "design";
      folder = "design";
    } system;
    with-chromium = import ./with-chromium.nix { inherit pkgs; };
  };
  devShells.default = import ./shell.nix { inherit pkgs; };
  formatter = import ./formatter.nix { inherit pkgs; };
  # `nix flake check` does not look into subflakes by itself.
  checks = {
    package = self.packages.${system}.default;
  }
  // import ./playground.nix { inherit self system; };
}
