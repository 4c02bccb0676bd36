# answers.json: what the installed package answers to a table of cases, for acceptance tests that compare.
# cases: a JSON file, a list of { case, name, locale ? "en", ending ? "exclamation" }.
{
  pkgs,
  package,
  cases,
}:
pkgs.runCommand "hello-py-answers" { } ''
  mkdir $out
  ${pkgs.python3.withPackages (_: [ package ])}/bin/python3 ${../answers/answers.py} < ${cases} > $out/answers.json
''
