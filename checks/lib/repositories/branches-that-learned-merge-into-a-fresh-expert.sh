# Two branches edit files whose entries stand next to each other in poag.lock, and both learn.
git switch -qc left
echo 'b = 2' >hello-py/src/hello_py/b.py
learn hello-py
commit
git switch -q main
git switch -qc right
echo 'c = 3' >hello-py/src/hello_py/c.py
learn hello-py
commit
git merge -q -m merge left || fail "the locks conflict: $(git diff)"
fresh hello-py
