# The cases that have an `expected.json`, each compared with it. One line per case, and the difference below a failed one.
let
  cases = import ./cases.nix;
  names = builtins.filter (case: builtins.pathExists (./cases + "/${case}/expected.json")) (
    builtins.attrNames cases
  );

  verdict =
    case:
    let
      # What a reader of the JSON sees: paths and sets with an `outPath` as it has them.
      actual = builtins.fromJSON (builtins.toJSON cases.${case});
      expected = builtins.fromJSON (builtins.readFile (./cases + "/${case}/expected.json"));
    in
    if actual == expected then
      "ok ${case}"
    else
      "FAILED ${case}\n  expected: ${builtins.toJSON expected}\n  actual:   ${builtins.toJSON actual}";
in
builtins.concatStringsSep "\n" (map verdict names ++ [ "" ])
