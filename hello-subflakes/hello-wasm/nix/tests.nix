# results.json: what the tests have proven. Building `native` runs those of the crate; the module's own run here, in a
# WebAssembly runtime, where there is a module.
{
  pkgs,
  native,
  module,
}:
pkgs.runCommand "hello-wasm-tests" { nativeBuildInputs = [ pkgs.nodejs ]; } ''
  cp -r ${../tests} tests
  cp -r ${../docs} docs
  proven='"native": "cargo test, in building ${native}"' unproven=
  if [ -e ${module}/hello_wasm.wasm ]; then
    HELLO_WASM_MODULE=${module}/hello_wasm.wasm HELLO_WASM_NATIVE=${native}/bin/hello-wasm \
      node --test --test-reporter=tap tests/*.test.mjs | tee log
    proven="$proven, \"module\": \"$(grep -c '^ok ' log) tests in node $(node --version)\""
  else
    unproven="\"module\": \"$(cat ${module}/hello_wasm.missing)\""
  fi
  mkdir $out
  printf '{"binding": "hello-wasm", "proven": {%s}, "unproven": {%s}}\n' "$proven" "$unproven" > $out/results.json
''
