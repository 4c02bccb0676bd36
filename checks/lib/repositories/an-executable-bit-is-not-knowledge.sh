chmod +x hello-py/src/hello_py/a.py
commit
fresh hello-py
