sed -i 's/Owns the Python package/Owns the Python binding/' hello-py/flake.nix
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: flake.nix; changed declaration: role
repair: nix run ./hello-py#poag -- learn"
