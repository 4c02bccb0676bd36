{
  description = "Product Owner Agent Graph: turns a graph of Nix flakes into a graph of experts";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      lib = import ./nix/lib.nix { inherit self nixpkgs; };
    in
    lib.mkPoagFlake (
      import ./poag.nix
      // {
        systems = [
          "x86_64-linux"
          "aarch64-linux"
          "aarch64-darwin"
        ];
        perSystem = import ./nix/per-system.nix { inherit self nixpkgs; };
        outputs = {
          inherit lib;
          flakeModules.default = import ./nix/flake-module.nix { poag = lib; };
          overlays.default = final: _: { poag = import ./nix/package.nix { pkgs = final; }; };
          templates = import ./templates;
        };
      }
    );
}
