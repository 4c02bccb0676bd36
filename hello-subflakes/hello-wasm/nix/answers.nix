# answers.json: what the module answers to a table of cases in a WebAssembly runtime, for acceptance tests that compare;
# where there is no module, what its exports answer natively.
# cases: a JSON file, a list of { case, name, locale ? "en", ending ? "exclamation" }.
{
  pkgs,
  native,
  module,
  cases,
}:
pkgs.runCommand "hello-wasm-answers"
  {
    nativeBuildInputs = [
      pkgs.nodejs
      pkgs.python3
    ];
  }
  ''
    mkdir $out
    cp -r ${../tests} tests
    cp -r ${../answers} answers
    if [ -e ${module}/hello_wasm.wasm ]; then
      node answers/answers.mjs ${module}/hello_wasm.wasm < ${cases} > $out/answers.json
    else
      python3 answers/native.py ${native}/bin/hello-wasm < ${cases} > $out/answers.json
    fi
  ''
