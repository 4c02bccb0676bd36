git rm -q hello-py/src/hello_py/a.py
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  removed file: src/hello_py/a.py
repair: nix run ./hello-py#poag -- learn"
