mkdir hello-py/vendored
echo '{outputs = _: {};}' >hello-py/vendored/flake.nix
echo 'anything' >hello-py/vendored/file
commit
fresh hello-py
