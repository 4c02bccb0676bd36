edited="  changed file: src/lib.rs"
both_stale() {
	stale hello-rs "poag: expert 'hello-rs' is stale: its flake differs from what it learned (poag.lock)
$1
repair: nix run ./hello-rs#poag -- learn"
	stale hello-py "poag: expert 'hello-py' is stale: its flake differs from what it learned (poag.lock)
  changed contract: hello-rs provides hello
repair: nix run ./hello-py#poag -- learn"
}
mkdir -p shared/deep
git mv hello-rs/src/lib.rs shared/deep/lib.rs
original=$(cat shared/deep/lib.rs)
restore() {
	printf '%s\n' "$original" >shared/deep/lib.rs
	git add -A
	fresh hello-rs
	fresh hello-py
}

# A link, a chain of links, and a folder that is a link with a link in it: the same content is the same knowledge.
ln -s ../../shared/deep/lib.rs hello-rs/src/lib.rs
restore
echo "// edited" >>shared/deep/lib.rs
git add -A
both_stale "$edited"
ln -sfn deep/lib.rs shared/chain.rs
ln -sfn ../../shared/chain.rs hello-rs/src/lib.rs
restore
echo "// edited" >>shared/deep/lib.rs
git add -A
both_stale "$edited"
mkdir shared/folder
ln -s ../deep/lib.rs shared/folder/lib.rs
git mv hello-rs/src shared/rest
rm -r shared/rest/lib.rs
mv shared/rest/* shared/folder/
ln -s ../shared/folder hello-rs/src
restore
echo "// edited" >>shared/deep/lib.rs
git add -A
both_stale "$edited"
