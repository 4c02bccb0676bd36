# The tests, and the examples in the documentation, against the package as it is installed.
{ pkgs, site }:
pkgs.runCommand "hello-py-tests" { nativeBuildInputs = [ pkgs.python3 ]; } ''
  cp -r ${../tests} tests
  cp ${../README.md} README.md
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${site} python3 -m unittest discover -s tests
  touch $out
''
