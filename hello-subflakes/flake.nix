{
  description = "The playground of poag: one greeting, in every language binding";

  inputs = {
    poag.url = "path:..";
    nixpkgs.follows = "poag/nixpkgs";
    hello-rs = {
      url = "path:./hello-rs";
      inputs.poag.follows = "poag";
    };
    hello-py = {
      url = "path:./hello-py";
      inputs.poag.follows = "poag";
      inputs.hello-rs.follows = "hello-rs";
    };
    hello-wasm = {
      url = "path:./hello-wasm";
      inputs.poag.follows = "poag";
      inputs.hello-rs.follows = "hello-rs";
    };
    hello-web = {
      url = "path:./hello-web";
      inputs.poag.follows = "poag";
      inputs.hello-rs.follows = "hello-rs";
      inputs.hello-wasm.follows = "hello-wasm";
    };
  };

  outputs =
    {
      self,
      poag,
      nixpkgs,
      hello-rs,
      hello-py,
      hello-wasm,
      hello-web,
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
      # `nix flake check` does not look into subflakes by itself.
      theirs = poag.lib.reexportChecks {
        inherit
          hello-rs
          hello-py
          hello-wasm
          hello-web
          ;
      };
      flake = poag.lib.mkPoagFlake {
        name = "hello-subflakes";
        src = ./.;
        role = ./role.md;
        provides.cases = {
          summary = "what every language binding answers: one table of names, options, greetings and errors";
          files = [ "acceptance/cases.json" ];
        };
        neighbors = {
          hello-rs = {
            expert = hello-rs.poag;
            needs = {
              greeting = "the behaviour that the cases write down";
              command-line = "how the acceptance tests ask Rust";
            };
          };
          hello-py = {
            expert = hello-py.poag;
            needs = {
              greet = "the options that Python offers, which the cases go through";
              command-line = "how the acceptance tests ask Python";
            };
          };
          hello-wasm = {
            expert = hello-wasm.poag;
            needs.native = "how the acceptance tests ask the exports where no WebAssembly can be built";
          };
          hello-web = {
            expert = hello-web.poag;
            needs = {
              greeter = "how the acceptance tests ask the page's glue, under node";
              site = "the glue together with the module";
            };
          };
        };
        capabilities = [
          "acceptance"
          "python"
        ];
        checks = [ "nix flake check" ];
        inherit systems;

        outputs.checks = eachSystem (
          system: pkgs:
          theirs.${system}
          // {
            agreement = import ./nix/agreement.nix {
              inherit pkgs;
              hello-rs = hello-rs.packages.${system}.default;
              hello-py = hello-py.packages.${system}.default;
              hello-wasm = hello-wasm.packages.${system}.default;
              hello-web = hello-web.packages.${system}.default;
            };
          }
        );
      };
    in
    # Spelled out: Nix 2.26 looks at these names before it can find inputs with a relative path, such as poag.
    {
      inherit (flake)
        apps
        checks
        poag
        ;
    };
}
