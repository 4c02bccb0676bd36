{
  description = "hello-wasm: the greeting as a WebAssembly module";

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
        name = "hello-wasm";
        src = ./.;
        role = ''
          Owns the WebAssembly module: its exports, the layout of what they hand over, and who frees it. It carries the
          greeting of hello-rs and adds none of its own. The module stays small and imports nothing, so that any page
          can load it without generated glue.
        '';
        provides = {
          exports = {
            summary = "hello_alloc, hello_greet, hello_free over linear memory, and the layout of a reply";
            files = [
              "docs/exports.md"
              "src/lib.rs"
            ];
          };
          module = {
            summary = "package module: hello_wasm.wasm, or hello_wasm.missing where the toolchain has no wasm32-unknown-unknown";
            files = [ "nix/module.nix" ];
          };
          native = {
            summary = "hello-wasm LOCALE ENDING NAME: the same exports called natively, printing STATUS TEXT";
            files = [ "src/main.rs" ];
          };
          results = {
            summary = "checks.<system>.tests holds results.json: each claim proven, with how, or unproven here, with why";
            files = [ "nix/tests.nix" ];
          };
          answers = {
            summary = "lib.answers { pkgs, cases }: answers.json, what the module answers to each case in a runtime";
            files = [ "nix/answers.nix" ];
          };
        };
        neighbors.hello-rs = {
          expert = hello-rs.poag;
          needs.binding = "the greeting from bytes and codes, the one call that each export hands on";
        };
        capabilities = [
          "rust"
          "wasm"
        ];
        # The tests of the module run in the second, which builds it.
        checks = [
          "cargo test --offline"
          "nix flake check"
        ];
        inherit systems;

        outputs = {
          lib.answers =
            { pkgs, cases }:
            let
              packages = self.packages.${pkgs.stdenv.hostPlatform.system};
            in
            import ./nix/answers.nix {
              inherit pkgs cases;
              inherit (packages) module;
              native = packages.default;
            };

          packages = eachSystem (
            _: pkgs:
            let
              cargo = import ./nix/cargo.nix {
                inherit pkgs;
                hello-rs = hello-rs.lib.source;
              };
            in
            {
              default = import ./nix/native.nix { inherit cargo; };
              module = import ./nix/module.nix {
                inherit cargo;
                inherit (pkgs) rustc;
              };
            }
          );

          checks = eachSystem (
            system: pkgs:
            let
              packages = self.packages.${system};
            in
            {
              inherit (packages) module;
              tests = import ./nix/tests.nix {
                inherit pkgs;
                inherit (packages) module;
                native = packages.default;
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
