# The layout of poag's own repository: poag is the flake at the root, experts are subflakes below a folder, and the flake
# of that folder depends on them. Relative inputs are found through the outputs of the flake that is asked for, so those
# spell out their names: `inherit (mkPoagFlake { … }) poag checks apps;`.
git mv poag/flake.nix poag/lib .
git mv hello-rs hello-py playground 2>/dev/null || { mkdir playground && git mv hello-rs hello-py playground; }
sed -i 's,path:../poag,path:../..,' playground/*/flake.nix
rm playground/*/flake.lock playground/*/poag.lock
cat >playground/flake.nix <<'END'
{
  inputs.poag.url = "path:..";
  inputs.hello-rs.url = "path:./hello-rs";
  inputs.hello-rs.inputs.poag.follows = "poag";
  inputs.hello-py.url = "path:./hello-py";
  inputs.hello-py.inputs.poag.follows = "poag";
  inputs.hello-py.inputs.hello-rs.follows = "hello-rs";
  outputs = inputs: {
    inherit
      (inputs.poag.lib.mkPoagFlake {
        name = "playground";
        src = ./.;
        role = "Owns the playground.";
        neighbors.hello-py.expert = inputs.hello-py.poag;
        outputs.checks = inputs.poag.lib.reexportChecks {inherit (inputs) hello-rs hello-py;};
      })
      poag
      checks
      apps
      ;
  };
}
END
commit
for flake in playground/hello-rs playground/hello-py playground; do
	nix flake lock "./$flake" 2>/dev/null
	commit
	learn "$flake"
	nix flake check "./$flake" 2>/dev/null || fail "the check of $flake does not pass: $(nix flake check "./$flake" 2>&1)"
	commit
done
same "experts" "hello-py hello-rs playground" "$(nix eval --raw ./playground#poag.experts --apply 'experts: toString (builtins.attrNames experts)')"
same "knowledge of the root" "flake.nix" "$(ls "$(nix eval --raw ./playground#poag.experts.playground.knowledge.path)")"
same "where hello-py lives" "playground/hello-py" "$(nix eval --raw ./playground#poag.experts.hello-py.location.dir)"
echo 'more' >>playground/hello-py/src/hello_py/a.py
stale playground "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: src/hello_py/a.py
repair: nix run ./playground/hello-py#poag -- learn"
