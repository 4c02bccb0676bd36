echo "# more" >>hello-py/src/hello_py/__init__.py
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: src/hello_py/__init__.py
repair: nix run ./hello-py#poag -- learn"
commit
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed file: src/hello_py/__init__.py
repair: nix run ./hello-py#poag -- learn"
learn hello-py
fresh hello-py
