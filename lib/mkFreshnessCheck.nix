/**
  Makes the check that passes exactly while an expert knows its own flake. The verdict falls in evaluation: nothing is
  built when it is stale, and next to nothing when it is fresh. Its neighbours have checks of their own.

  # Inputs

  `expert`: what `mkPoagExpert` returns; for one of those that its flake declares under `experts`,
  `expert // { only = "<name>"; }`.

  # Output

  A derivation for any system. When the expert is stale or has never learned, its `drvPath` and `outPath` are an error that
  says what differs and, in its last line, which command repairs it; its `name` can be read all the same.

  # Example

  ```nix
  checks.x86_64-linux.poag = poag.lib.mkFreshnessCheck self.poag;
  ```
*/
expert:
let
  node = if expert ? only then (expert._members null).${expert.only} else expert._node null;
  label = expert.only or node.label;
  name = if label == null then "poag" else "poag-${label}";

  inherit (expert.experts.${node.name}.freshness) message;

  # An empty environment: a build that is part of Nix itself, and so needs no shell and no nixpkgs.
  passes = derivation {
    inherit name;
    system = "builtin";
    builder = "builtin:buildenv";
    derivations = [ ];
    manifest = builtins.toFile "manifest" "";
  };

  verdict = if message == "" then passes else throw message;
in
# Spelled out, so that the name can be listed while the verdict is not asked for.
{
  type = "derivation";
  system = "builtin";
  outputName = "out";
  inherit name;
  inherit (verdict) drvPath outPath;
  out = verdict;
  all = [ verdict ];
  outputs = [ "out" ];
  meta.description = "Whether the expert still knows its flake";
}
