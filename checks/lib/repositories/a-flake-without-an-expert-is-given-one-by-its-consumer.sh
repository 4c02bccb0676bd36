mkdir plain
echo '{outputs = _: {};}' >plain/flake.nix
cat >hello-py/flake.nix <<'END'
{
  inputs.poag.url = "path:../poag";
  inputs.plain.url = "path:../plain";
  outputs = inputs: {
    inherit
      (inputs.poag.lib.mkPoagFlake {
        name = "hello-py";
        src = ./.;
        role = "Owns the Python package.";
        neighbors.plain.expert = inputs.poag.lib.mkPoagExpert {
          name = "plain";
          src = inputs.plain;
          role = "Owns plain.";
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
nix flake lock ./hello-py 2>/dev/null
learn hello-py
fresh hello-py
same "the expert that was given" "local plain unlearned" "$(nix eval --raw ./hello-py#.poag.experts.plain --apply 'expert: "${expert.location.kind} ${expert.location.dir} ${expert.freshness.status}"')"
same "its knowledge" "flake.nix" "$(ls "$(nix eval --raw ./hello-py#.poag.experts.plain.knowledge.path)")"
