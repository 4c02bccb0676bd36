cat >flake.nix <<'END'
{
  inputs.poag.url = "path:./poag";
  inputs.hello-rs.url = "path:./hello-rs";
  inputs.hello-rs.inputs.poag.follows = "poag";
  inputs.hello-py.url = "path:./hello-py";
  inputs.hello-py.inputs.poag.follows = "poag";
  inputs.hello-py.inputs.hello-rs.follows = "hello-rs";
  outputs = {poag, hello-rs, hello-py, ...}: {
    checks = poag.lib.reexportChecks {inherit hello-rs hello-py;};
  };
}
END
commit
nix flake lock . 2>/dev/null
nix flake check . 2>/dev/null || fail "the root's check does not pass"
same "checks of the root" "hello-py-poag-hello-py hello-rs-poag-hello-rs" "$(nix eval --raw .#checks.x86_64-linux --apply 'checks: toString (builtins.attrNames checks)')"
echo 'more' >>hello-py/src/hello_py/a.py
stale . "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: src/hello_py/a.py
repair: nix run ./hello-py#poag -- learn"
