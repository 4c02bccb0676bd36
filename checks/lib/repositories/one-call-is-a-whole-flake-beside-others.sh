# Flakes of one repository that take poag from elsewhere, and each other by relative paths: `mkPoagFlake` is all of their
# outputs. The same provider comes twice, once as an input of hello-py, and is one expert.
poag=$PWD
mkdir "$work/adopter"
cd "$work/adopter"
git init -q -b main .
flake() {
	name=$1 inputs=$2 declaration=$3
	mkdir "$name"
	cat >"$name/flake.nix" <<END
{
  inputs.poag.url = "git+file://$poag?dir=poag";
  $inputs
  outputs = inputs:
    inputs.poag.lib.mkPoagFlake {
      name = "$name";
      src = ./.;
      role = "Owns $name.";
      $declaration
    };
}
END
}
flake hello-rs "" 'provides.hello.summary = "hello() -> &str";'
flake hello-py 'inputs.hello-rs.url = "path:../hello-rs";' 'neighbors.hello-rs.expert = inputs.hello-rs.poag;'
flake hello-web 'inputs.hello-rs.url = "path:../hello-rs"; inputs.hello-py.url = "path:../hello-py";' \
	'neighbors = { hello-rs.expert = inputs.hello-rs.poag; hello-py.expert = inputs.hello-py.poag; };'
commit
for name in hello-rs hello-py hello-web; do
	nix flake lock "./$name" 2>/dev/null
	commit
done
for name in hello-rs hello-py hello-web; do
	learn "$name"
	fresh "$name"
done
same "experts" "hello-py hello-rs hello-web" "$(nix eval --raw ./hello-web#.poag.experts --apply 'experts: toString (builtins.attrNames experts)')"
