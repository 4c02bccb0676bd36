echo 'more' >>hello-py/src/hello_py/a.py
nix flake show --json ./hello-py 2>/dev/null | grep -q '"poag-hello-py"' || fail "the check is not listed"
