fresh hello-rs
ln -sfn src/private.rs hello-rs/link
stale hello-rs "poag: expert 'hello-rs' is stale: its flake differs from what it learned (poag.lock)
  changed file: link
repair: nix run ./hello-rs#poag -- learn"
rm hello-rs/link
cp hello-rs/src/lib.rs hello-rs/link
stale hello-rs "poag: expert 'hello-rs' is stale: its flake differs from what it learned (poag.lock)
  changed file: link
repair: nix run ./hello-rs#poag -- learn"
rm hello-rs/link
ln -s nowhere hello-rs/link
learn hello-rs
fresh hello-rs
