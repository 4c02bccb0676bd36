sed -i '/needs.hello/d' hello-py/flake.nix
sed -i 's/provides.hello = {/provides.bye.summary = "bye() -> \&str";\n        &/' hello-rs/flake.nix
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: flake.nix; changed declaration: needs.hello-rs, needs.hello-rs.hello; added contract: hello-rs provides bye
repair: nix run ./hello-py#poag -- learn"
