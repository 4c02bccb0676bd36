echo '// more' >>hello-rs/src/lib.rs
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed contract: hello-rs provides hello
repair: nix run ./hello-py#poag -- learn"
