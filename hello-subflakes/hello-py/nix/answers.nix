# answers.json: what the installed package answers to a table of cases, for acceptance tests that compare;
# nothing where there is no package.
# cases: a JSON file, a list of { case, name, locale ? "en", ending ? "exclamation" }.
{
  pkgs,
  package,
  cases,
}:
let
  python = pkgs.python3.withPackages (_: [ package ]);
in
pkgs.runCommand "hello-py-answers" { } ''
  mkdir $out
  if [ -e ${python}/missing ]; then
    echo '{"binding": "hello-py", "through": "nothing", "answers": null}' > $out/answers.json
  else
    ${python}/bin/python3 ${../answers/answers.py} < ${cases} > $out/answers.json
  fi
''
