# What every language binding has proven, and what it answers to every case, is what the whole promises. Read from the
# results of their own checks and from the answers that each makes in its own way; nothing is tested again. The report is
# the output.
# flakes: the bindings by name.
{
  pkgs,
  system,
  flakes,
}:
let
  # The file alone, so that nothing else in its folder is part of an answer.
  cases = builtins.path {
    name = "cases.json";
    path = ../acceptance/cases.json;
  };
  read = flake: [
    flake.checks.${system}.tests
    (flake.lib.answers { inherit pkgs cases; })
  ];
in
pkgs.runCommand "hello-agreement"
  {
    nativeBuildInputs = [ pkgs.python3 ];
    folders = builtins.concatMap read (builtins.attrValues flakes);
  }
  ''
    export PYTHONDONTWRITEBYTECODE=1
    cd ${../acceptance}
    python3 -m unittest
    python3 agree.py $folders | tee $out
  ''
