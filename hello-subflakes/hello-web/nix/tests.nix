# The tests, over the page as it is served; against the real module where there is one.
{ pkgs, site }:
pkgs.runCommand "hello-web-tests" { nativeBuildInputs = [ pkgs.nodejs ]; } ''
  cp -r ${site} site
  chmod -R u+w site
  cd site
  cp -r ${../test} test
  cp -r ${../testing} testing
  cp ${../package.json} package.json
  if [ -e hello_wasm.wasm ]; then
    export HELLO_WASM_MODULE=$PWD/hello_wasm.wasm
  else
    cat hello_wasm.missing
  fi
  node --test
  touch $out
''
