# answers.json: what the command line answers to a table of cases, for acceptance tests that compare.
# cases: a JSON file, a list of { case, name, locale ? "en", ending ? "exclamation" }.
{
  pkgs,
  package,
  cases,
}:
pkgs.runCommand "hello-rs-answers" { nativeBuildInputs = [ pkgs.python3 ]; } ''
  mkdir $out
  python3 ${../answers/answers.py} ${package}/bin/hello-rs < ${cases} > $out/answers.json
''
