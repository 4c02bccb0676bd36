{
  description = "Product Owner Agent Graph: turns a graph of Nix flakes into a graph of experts";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      eachSystem =
        outputs:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = outputs system nixpkgs.legacyPackages.${system};
          }) systems
        );
      lib = import ./lib {
        mkApp =
          system:
          import ./nix/app.nix {
            pkgs = nixpkgs.legacyPackages.${system};
            poag = self.packages.${system}.default;
          };
        mkRun =
          system:
          import ./nix/run.nix {
            inherit system;
            poag = self.packages.${system}.default;
          };
        packageFor = system: self.packages.${system}.default;
      };
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
      inherit systems;

      outputs = {
        inherit lib;

        flakeModules.default = import ./nix/flake-module.nix { poag = lib; };

        packages = eachSystem (
          _: pkgs: {
            default = import ./nix/package.nix { inherit pkgs; };
          }
        );

        # Not among the packages, all of which `nix flake check` would instantiate: a host may lack mdBook or Node.js.
        legacyPackages = eachSystem (
          _: pkgs: {
            book = import ./nix/book.nix { inherit pkgs; };
            with-chromium = import ./nix/with-chromium.nix { inherit pkgs; };
          }
        );

        overlays.default = final: _: {
          poag = import ./nix/package.nix { pkgs = final; };
        };

        devShells = eachSystem (
          _: pkgs: {
            default = import ./nix/shell.nix { inherit pkgs; };
          }
        );

        formatter = eachSystem (_: pkgs: import ./nix/formatter.nix { inherit pkgs; });

        # `nix flake check` does not look into subflakes by itself.
        checks = eachSystem (
          system: _:
          {
            package = self.packages.${system}.default;
          }
          // import ./nix/playground.nix { inherit self system; }
        );

        templates = {
          default = {
            path = ./templates/flake;
            description = "A flake with an expert";
          };
          subflakes = {
            path = ./templates/subflakes;
            description = "A repository of flakes whose experts know each other";
          };
          flake-parts = {
            path = ./templates/flake-parts;
            description = "A flake of flake-parts with an expert";
          };
        };
      };
    };
}
