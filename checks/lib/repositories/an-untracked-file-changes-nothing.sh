echo "draft" >hello-py/draft.py
fresh hello-py
git add hello-py/draft.py
stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  added file: draft.py
repair: nix run ./hello-py#poag -- learn"
