{
  description = "hello-web: a page that greets";

  inputs = {
    poag.url = "path:../..";
    nixpkgs.follows = "poag/nixpkgs";
    hello-rs = {
      url = "path:../hello-rs";
      inputs.poag.follows = "poag";
    };
    hello-wasm = {
      url = "path:../hello-wasm";
      inputs.poag.follows = "poag";
      inputs.hello-rs.follows = "hello-rs";
    };
  };

  outputs =
    {
      self,
      poag,
      nixpkgs,
      hello-wasm,
      ...
    }:
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
      flake = poag.lib.mkPoagFlake {
        name = "hello-web";
        src = ./.;
        role = ./role.md;
        provides = {
          greeter = {
            summary = "Greeter.load(url), greet(name, { locale, ending }), throwing GreetingError, for JavaScript";
            files = [ "src/greeter.js" ];
          };
          site = {
            summary = "package default: the folder to serve, index.html with its scripts and the module";
            files = [
              "index.html"
              "nix/site.nix"
            ];
          };
        };
        neighbors.hello-wasm = {
          expert = hello-wasm.poag;
          needs = {
            exports = "how text gets into and out of the module's memory, and what its codes mean";
            module = "the file that the page loads";
          };
        };
        capabilities = [
          "javascript"
          "html"
        ];
        checks = [
          "node --test"
          "nix flake check"
        ];
        inherit systems;

        outputs = {
          packages = eachSystem (
            system: pkgs: {
              default = import ./nix/site.nix {
                inherit pkgs;
                inherit (hello-wasm.packages.${system}) module;
              };
            }
          );

          checks = eachSystem (
            system: pkgs: {
              tests = import ./nix/tests.nix {
                inherit pkgs;
                site = self.packages.${system}.default;
              };
            }
          );
        };
      };
    in
    # Spelled out: Nix 2.26 looks at these names before it can find inputs with a relative path, such as poag.
    {
      inherit (flake)
        apps
        checks
        packages
        poag
        ;
    };
}
