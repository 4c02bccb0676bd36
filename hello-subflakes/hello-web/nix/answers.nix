# answers.json: what the page answers to a table of cases in a headless Chromium, for acceptance tests that compare; where
# there is none, what its glue answers in node; without a module, nothing.
# cases: a JSON file, a list of { case, name, locale ? "en", ending ? "exclamation" }.
{
  pkgs,
  site,
  browser,
  cases,
}:
pkgs.runCommand "hello-web-answers"
  ({ nativeBuildInputs = [ pkgs.nodejs ]; } // browser.environment)
  ''
    export HOME=$PWD
    mkdir $out
    cp -r ${../answers} answers
    cp -r ${../testing} testing
    cp ${../package.json} package.json
    program=${browser.chromium}/bin/chromium
    if [ ! -x "$program" ]; then program=; fi
    if [ -e ${site}/hello_wasm.wasm ]; then
      node answers/answers.js ${site} $program < ${cases} > $out/answers.json
    else
      echo '{"binding": "hello-web", "through": "nothing", "answers": null}' > $out/answers.json
    fi
  ''
