git mv hello-py/src/hello_py/a.py hello-py/src/hello_py/z.py
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  added file: src/hello_py/z.py; removed file: src/hello_py/a.py
repair: nix run ./hello-py#poag -- learn"
