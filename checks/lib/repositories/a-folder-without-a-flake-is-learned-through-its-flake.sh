# hello-py declares an expert for a folder of its own.
cat >hello-py/flake.nix <<'END'
{
  inputs.poag.url = "path:../poag";
  outputs = inputs: {
    inherit
      (inputs.poag.lib.mkPoagFlake {
        name = "hello-py";
        src = ./.;
        role = "Owns the Python package.";
        neighbors.sources.expert = inputs.poag.lib.mkPoagExpert {
          name = "sources";
          src = ./src;
          role = "Owns the sources.";
        };
      })
      poag
      checks
      apps
      ;
  };
}
END
commit
same "how it is learned" "nix run ./hello-py#poag -- learn sources && git add hello-py/src/poag.lock" "$(nix eval --raw ./hello-py#.poag.experts.sources.freshness.repair)"
