sed -i 's/hello() -> &str/hello(polite: bool) -> \&str/' hello-rs/flake.nix
stale hello-rs "poag: expert 'hello-rs' is stale: its flake differs from what it learned (poag.lock)
  changed file: flake.nix; changed declaration: provides.hello
repair: nix run ./hello-rs#poag -- learn"
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed contract: hello-rs provides hello
repair: nix run ./hello-py#poag -- learn"
# Provider and consumer learn, each for itself.
learn hello-rs
learn hello-py
fresh hello-rs
fresh hello-py
