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
      browser = import ./nix/browser.nix;
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
          results = {
            summary = "checks.<system>.tests holds results.json: each claim proven, with how, or unproven here, with why";
            files = [ "nix/tests.nix" ];
          };
          answers = {
            summary = "lib.answers { pkgs, cases }: answers.json, what the page answers to each case in Chromium";
            files = [ "nix/answers.nix" ];
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
          lib.answers =
            { pkgs, cases }:
            import ./nix/answers.nix {
              inherit pkgs cases;
              site = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
              browser = browser pkgs;
            };

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
                browser = browser pkgs;
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
        legacyPackages
        lib
        packages
        poag
        ;
    };
}
