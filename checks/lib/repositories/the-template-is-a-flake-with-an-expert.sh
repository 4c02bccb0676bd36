# What `nix flake init -t` writes, with poag taken from this repository: it lists its outputs, asks to learn, and is fresh.
poag=$PWD
mkdir "$work/adopter"
cd "$work/adopter"
cp -r "$root/templates/flake" my-flake
sed -i "s,git+file:[^\"]*,git+file://$poag?dir=poag," my-flake/flake.nix
git init -q -b main .
commit
stale my-flake "poag: expert 'my-flake' has not learned its flake yet: there is no poag.lock beside flake.nix
repair: nix run ./my-flake#poag -- learn && git add my-flake/poag.lock"
learn my-flake
commit
fresh my-flake
same "the expert" "my-flake" "$(cd my-flake && nix eval --raw .#poag.root)"
