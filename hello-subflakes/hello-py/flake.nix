{
  description = "hello-py: the greeting for Python";

  inputs = {
    poag.url = "path:../..";
    nixpkgs.follows = "poag/nixpkgs";
    hello-rs = {
      url = "path:../hello-rs";
      inputs.poag.follows = "poag";
    };
  };

  outputs =
    {
      self,
      poag,
      nixpkgs,
      hello-rs,
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
        name = "hello-py";
        src = ./.;
        role = ''
          Owns the Python package: its API, its command line, its tests and its documentation. It carries the greeting of
          hello-rs and adds none of its own: Python users get keyword arguments, exceptions and type hints, and never
          see a pointer. Depends on nothing but the standard library.
        '';
        prompt = ./expert.md.tera;
        provides = {
          greet = {
            summary = "greet(name, *, locale, ending) -> str, raising GreetingError, for Python";
            files = [ "src/hello_py/__init__.py" ];
          };
          command-line = {
            summary = "python -m hello_py: the same command line as hello-rs, with the same exit codes";
            files = [ "src/hello_py/__main__.py" ];
          };
          results = {
            summary = "checks.<system>.tests holds results.json: each claim proven, with how, or unproven here, with why";
            files = [ "nix/tests.nix" ];
          };
          answers = {
            summary = "lib.answers { pkgs, cases }: answers.json, what the installed wheel answers to each case";
            files = [ "nix/answers.nix" ];
          };
        };
        neighbors.hello-rs = {
          expert = hello-rs.poag;
          needs.c-abi = "the only way from Python into hello-rs: its functions, codes and statuses, as ctypes declares them; the library goes into the wheel";
        };
        capabilities = [
          "python"
          "ffi"
        ];
        # pytest runs in it, against the package as it is installed: a checkout alone has no library to load.
        checks = [ "nix flake check" ];
        inherit systems;

        outputs = {
          lib.answers =
            { pkgs, cases }:
            import ./nix/answers.nix {
              inherit pkgs cases;
              package = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
            };

          packages = eachSystem (
            system: pkgs: {
              default = import ./nix/package.nix {
                inherit pkgs;
                hello-rs = hello-rs.packages.${system}.default;
              };
            }
          );

          checks = eachSystem (
            system: pkgs: {
              tests = import ./nix/tests.nix {
                inherit pkgs;
                package = self.packages.${system}.default;
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
