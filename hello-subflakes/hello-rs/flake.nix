{
  description = "hello-rs: greets people by name";

  inputs = {
    poag.url = "path:../..";
    nixpkgs.follows = "poag/nixpkgs";
  };

  outputs =
    {
      self,
      poag,
      nixpkgs,
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
      source = import ./nix/source.nix;
      flake = poag.lib.mkPoagFlake {
        name = "hello-rs";
        src = ./.;
        role = ''
          Owns what a greeting says: which names are valid, the words of each locale, the errors and their stable names
          and numbers. Every language binding only carries what is decided here, so an option of the greeting begins in
          this crate, with a default that leaves today's greetings as they are. Guards the C ABI: no number is given
          twice, and a changed signature means a new ABI version.
        '';
        # What was is no help with what is.
        knowledge.exclude = [ "CHANGELOG.md" ];
        provides = {
          greeting = {
            summary = "greeting(name) and greeting_with(name, Style) -> Result<String, GreetingError>, for Rust";
            files = [
              "src/lib.rs"
              "src/style.rs"
              "src/error.rs"
            ];
          };
          binding = {
            summary = "greeting_from_codes(name, locale, ending): the one entry for language bindings that link Rust";
            files = [ "src/binding.rs" ];
          };
          c-abi = {
            summary = "hello_greeting in libhello_rs, for languages that cannot link Rust; package default has lib/ and include/";
            files = [ "include/hello.h" ];
          };
          command-line = {
            summary = "hello-rs [--locale LOCALE] [--ending ENDING] NAME, exit codes 0, 64 and 65";
            files = [ "src/main.rs" ];
          };
          results = {
            summary = "checks.<system>.tests holds results.json: each claim proven, with how, or unproven here, with why";
            files = [ "nix/tests.nix" ];
          };
          answers = {
            summary = "lib.answers { pkgs, cases }: answers.json, what the command line answers to each case";
            files = [ "nix/answers.nix" ];
          };
        };
        capabilities = [
          "rust"
          "ffi"
        ];
        checks = [
          "cargo test --offline --all-features"
          "nix flake check"
        ];
        inherit systems;

        outputs = {
          lib = {
            # The crate's sources, for crates that build it as a dependency.
            inherit source;
            answers =
              { pkgs, cases }:
              import ./nix/answers.nix {
                inherit pkgs cases;
                package = self.packages.${pkgs.stdenv.hostPlatform.system}.default;
              };
          };

          packages = eachSystem (_: pkgs: { default = import ./nix/package.nix { inherit pkgs source; }; });

          checks = eachSystem (
            system: pkgs:
            let
              package = self.packages.${system}.default;
              c-abi = import ./nix/c-abi.nix { inherit pkgs package; };
            in
            {
              inherit c-abi;
              tests = import ./nix/tests.nix { inherit pkgs package c-abi; };
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
