sed -i '0,/^sha256/s/^sha256.*/<<<<<<< HEAD\n&\n=======\nsha256 = "default"\n>>>>>>> other/' hello-py/poag.lock
stale hello-py "poag: expert 'hello-py' is stale: poag.lock has merge conflicts in it
repair: nix run ./hello-py#poag -- learn"
learn hello-py
fresh hello-py
