echo '// more' >>hello-rs/src/private.rs
stale hello-rs "poag: expert 'hello-rs' is stale: its flake differs from what it learned (poag.lock)
  changed file: src/private.rs
repair: nix run ./hello-rs#poag -- learn"
# The consumer's graph shows it; the consumer's check passes.
fresh hello-py
same "the provider in the consumer's graph" stale "$(nix eval --raw ./hello-py#.poag.experts.hello-rs.freshness.status)"
