# The folder to serve: the page, its scripts, and the module (or the note that there is none).
{ pkgs, module }:
pkgs.runCommand "hello-web-site" { } ''
  mkdir $out
  cp ${../index.html} $out/index.html
  cp -r ${../src} $out/src
  cp ${module}/hello_wasm.* $out/
''
