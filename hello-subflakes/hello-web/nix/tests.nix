# results.json: what the tests have proven over the page as it is served: the glue and the page alone, then with the real
# module in node, then in a headless Chromium, each where there is one; page.png is what Chromium shows.
{
  pkgs,
  site,
  browser,
}:
pkgs.runCommand "hello-web-tests" ({ nativeBuildInputs = [ pkgs.nodejs ]; } // browser.environment)
  ''
    export HOME=$PWD
    mkdir $out
    cp -r ${site} site
    chmod -R u+w site
    cp -r ${../test} site/test
    cp -r ${../testing} site/testing
    cp ${../package.json} site/package.json
    cd site

    # tests FILE...: runs them, and leaves in $passed how many passed.
    tests() {
      node --test --test-reporter=tap "$@" > log || { cat log; exit 1; }
      passed="$(grep -c '^ok ' log) tests"
    }
    tests test/greeter.test.js test/page.test.js
    proven="\"glue\": \"$passed in node $(node --version)\"" unproven=
    missing() { unproven="$unproven''${unproven:+, }\"$1\": \"$2\""; }
    if [ -e hello_wasm.wasm ]; then
      export HELLO_WASM_MODULE=$PWD/hello_wasm.wasm HELLO_SITE=${site} HELLO_SCREENSHOT=$out/page.png
      tests test/real-module.test.js
      proven="$proven, \"module\": \"$passed in node $(node --version)\""
      if [ -x ${browser.chromium}/bin/chromium ]; then
        HELLO_CHROMIUM=${browser.chromium}/bin/chromium tests test/browser.test.js
        proven="$proven, \"page\": \"$passed in $(${browser.chromium}/bin/chromium --version | xargs)\""
      else
        missing page "$(cat ${browser.chromium}/missing)"
      fi
    else
      missing module "$(cat hello_wasm.missing)"
      missing page "$(cat hello_wasm.missing)"
    fi
    printf '{"binding": "hello-web", "proven": {%s}, "unproven": {%s}}\n' "$proven" "$unproven" | tee $out/results.json
  ''
