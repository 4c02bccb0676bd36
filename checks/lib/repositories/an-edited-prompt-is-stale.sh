echo 'Be brief.' >>hello-py/expert.md.tera
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: expert.md.tera; changed declaration: prompt
repair: nix run ./hello-py#poag -- learn"
