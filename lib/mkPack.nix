{ internal, mkRun }:
/**
  Makes the pack of an expert as a derivation, which `nix build`, `nix copy` and any binary cache hand out. Whoever has the
  store path asks the expert with `poag ask --pack`, without the flake and without its sources.

  # Inputs

  `system`, and `expert`: what `mkPoagExpert` returns; for one of those that its flake declares under `experts`,
  `expert // { only = "<name>"; }`.

  # Output

  A derivation: a folder with `pack.md`, the same bytes as `poag pack` prints; `pack.json`, the expert's declaration and what
  the pack is made of; and `files/`, the sources it holds. It refers to no other store path. What its neighbours have beside
  their contracts does not make it anew.

  # Example

  ```nix
  legacyPackages.x86_64-linux.poag-pack = poag.lib.mkPack "x86_64-linux" self.poag;
  ```
*/
system: expert:
let
  alone = internal.alone expert;
in
mkRun system {
  name = "poag-pack-${alone.name}";
  inherit (alone) sources;
  args = [
    "pack"
    "--quiet"
    "--graph"
    alone.graph
    "--into"
    (builtins.placeholder "out")
    alone.name
  ];
}
