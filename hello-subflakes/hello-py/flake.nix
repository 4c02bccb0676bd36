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
        provides = {
          greet = {
            summary = "greet(name, *, locale, ending) -> str, raising GreetingError, for Python";
            files = [ "src/hello_py/__init__.py" ];
          };
          command-line = {
            summary = "python -m hello_py: the same command line as hello-rs, with the same exit codes";
            files = [ "src/hello_py/__main__.py" ];
          };
        };
        neighbors.hello-rs = {
          expert = hello-rs.poag;
          needs.c-abi = "the only way from Python into hello-rs: its functions, codes and statuses, as ctypes declares them";
        };
        capabilities = [
          "python"
          "ffi"
        ];
        checks = [
          "PYTHONPATH=src python3 -m unittest discover -s tests"
          "nix flake check"
        ];
        inherit systems;

        outputs = {
          packages = eachSystem (
            system: pkgs: rec {
              default = import ./nix/program.nix { inherit pkgs site; };
              # A folder for PYTHONPATH: the package with the shared library of hello-rs inside.
              site = import ./nix/site.nix {
                inherit pkgs;
                hello-rs = hello-rs.packages.${system}.default;
              };
            }
          );

          checks = eachSystem (
            system: pkgs: {
              tests = import ./nix/tests.nix {
                inherit pkgs;
                inherit (self.packages.${system}) site;
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
