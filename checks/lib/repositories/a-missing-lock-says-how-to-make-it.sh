# starts unlearned
stale hello-py "poag: expert 'hello-py' has not learned its flake yet: there is no poag.lock beside flake.nix
repair: nix run ./hello-py#poag -- learn && git add hello-py/poag.lock"
learn hello-rs
learn hello-py
# Not committed yet, but git knows them.
fresh hello-rs
fresh hello-py
