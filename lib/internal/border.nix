# Where the flake of somebody else begins below an expert's folder: at a flake.nix that has `outputs`. A file of that name that
# is something else, such as a module, hides nothing. Templates and samples belong to the flake that holds them.
#
# The engine goes by the same rule over work trees (crates/core/src/expert/border.rs); a test holds the two together.
let
  patterns = import ./patterns.nix;
  set =
    names:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) names
    );

  templates = set [
    "template"
    "templates"
  ];
  samples = set [
    "demo"
    "demos"
    "example"
    "examples"
    "fixture"
    "fixtures"
    "sample"
    "samples"
    "test"
    "testdata"
    "tests"
  ];
  liesIn = names: folder: builtins.any (part: names ? ${part}) (patterns.components folder);

  # The lines that are no comment. Nothing is parsed: an error of that file would end this evaluation.
  lines =
    text:
    builtins.filter (line: builtins.isString line && builtins.match "[[:space:]]*#.*" line == null) (
      builtins.split "\n" text
    );
  # What could be said in a line of any length is not matched as a whole: a regular expression bears only so much.
  holds = pattern: line: builtins.length (builtins.split pattern line) > 1;
in
rec {
  # Whether the text of a flake.nix binds `outputs`.
  isFlake = text: builtins.any (holds "(^|[^A-Za-z0-9_.'-])outputs[[:space:]]*(=|$)") (lines text);

  # Whether it takes or uses poag, and so may have an expert.
  speaks = text: builtins.any (holds "(^|[^A-Za-z0-9_'-])poag[[:space:]]*([],.;=}]|$)") (lines text);

  # `isBorder path text`: the folder, relative to the expert's, and the text of its flake.nix.
  isBorder =
    path: text: !liesIn templates path && isFlake text && (!liesIn samples path || speaks text);
}
