# hello-rs takes hello-py, whose hello-rs is the flake itself again.
cat >hello-rs/flake.nix <<'END'
{
  inputs.poag.url = "path:../poag";
  inputs.hello-py.url = "path:../hello-py";
  inputs.hello-py.inputs.poag.follows = "poag";
  inputs.hello-py.inputs.hello-rs.follows = "";
  outputs = {poag, hello-py, ...}: {
    poag = poag.lib.mkPoagExpert {
      name = "hello-rs";
      src = ./.;
      role = "Owns the Rust library.";
      provides.hello.summary = "hello() -> &str";
      neighbors.hello-py.expert = hello-py.poag;
    };
  };
}
END
commit
output=$(nix eval --json ./hello-rs#.poag 2>&1) && fail "it was accepted: $output"
case $output in
*"poag: expert 'hello-rs', field 'neighbors.hello-py': the experts form a cycle: hello-rs → hello-py → hello-rs"*) ;;
*) fail "another error: $output" ;;
esac
