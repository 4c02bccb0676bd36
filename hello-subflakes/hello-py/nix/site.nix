# A folder for PYTHONPATH: hello_py with the shared library of hello-rs inside.
{ pkgs, hello-rs }:
pkgs.runCommand "hello-py-site" { } ''
  mkdir $out
  cp -r ${../src/hello_py} $out/hello_py
  chmod -R u+w $out
  mkdir $out/hello_py/_lib
  cp ${hello-rs}/lib/libhello_rs.* $out/hello_py/_lib/
''
