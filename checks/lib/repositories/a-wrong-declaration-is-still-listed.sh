sed -i 's/role = .*/rolle = "Owns it.";/' hello-py/flake.nix
nix flake show --json ./hello-py 2>/dev/null | grep -q '"poag-hello-py"' || fail "the check is not listed"
if output=$(nix eval --json ./hello-py#.poag 2>&1); then
	fail "it was accepted: $output"
fi
case $output in
*"field 'rolle': there is no such field; did you mean 'role'?"*) ;;
*) fail "another error: $output" ;;
esac
