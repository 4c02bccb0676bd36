{
  description = "Product Owner Agent Graph: turns a graph of Nix flakes into a graph of experts";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      lib = import ./nix/lib.nix { inherit self nixpkgs; };
    in
    lib.mkPoagFlake {
      name = "poag";
      src = ./.;
      role = ./nix/role.md;
      # Hundreds of small declarations and inputs, right and wrong, that would drown what they test.
      knowledge.exclude = [
        "checks/lib/cases"
        "fuzz/seeds"
      ];
      provides = {
        library = {
          summary = "lib.mkPoagExpert, mkPoagFlake, mkFreshnessCheck, mkExportCheck, mkPack, reexportChecks, withPoag and gitHook: experts declared in flakes";
          files = [ "lib/default.nix" ];
        };
        command-line = {
          summary = "nix run .#poag -- ask, graph, experts, learn, check, explain, pack, export; exit codes in the README";
          files = [ "README.md" ];
        };
      };
      checks = [ "checks/run" ];

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
    };
}
