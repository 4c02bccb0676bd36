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
      bindings = {
        inherit
          hello-rs
          hello-py
          hello-wasm
          hello-web
          ;
      };
      # `nix flake check` does not look into subflakes by itself.
      theirs = poag.lib.reexportChecks bindings;
      flake = poag.lib.mkPoagFlake {
        name = "hello-subflakes";
        src = ./.;
        role = ./role.md;
        provides = {
          cases = {
            summary = "what every language binding answers: one table of names, options, greetings and errors";
            files = [ "acceptance/cases.json" ];
          };
          claims = {
            summary = "what each language binding has to prove of itself, or say why it cannot here";
            files = [ "acceptance/claims.json" ];
          };
        };
        neighbors = {
          hello-rs = {
            expert = hello-rs.poag;
            needs = {
              greeting = "the behaviour that the cases write down";
              results = "what Rust and C have proven, held against the claims";
              answers = "what Rust says to the cases";
            };
          };
          hello-py = {
            expert = hello-py.poag;
            needs = {
              greet = "the options that Python offers, which the cases go through";
              results = "what the installed wheel has proven, held against the claims";
              answers = "what Python says to the cases";
            };
          };
          hello-wasm = {
            expert = hello-wasm.poag;
            needs = {
              results = "what the module has proven in a runtime, held against the claims";
              answers = "what WebAssembly says to the cases";
            };
          };
          hello-web = {
            expert = hello-web.poag;
            needs = {
              results = "what the page has proven in Chromium, held against the claims";
              answers = "what the page says to the cases";
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
              inherit pkgs system;
              flakes = bindings;
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
        legacyPackages
        poag
        ;
    };
}
