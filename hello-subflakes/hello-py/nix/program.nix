# The command line hello-py.
{ pkgs, site }:
pkgs.writeShellScriptBin "hello-py" ''
  PYTHONPATH=${site} exec ${pkgs.python3}/bin/python3 -m hello_py "$@"
''
