{ internal, mkRun }:
/**
  Makes the check that the files which `poag export` writes (`exports` of the declaration) say what the expert knows. It
  compares them when it is built; a difference is told with the command that repairs it as the last line of its log.

  # Inputs

  `system`, and `expert`: what `mkPoagExpert` returns.

  # Output

  A derivation.

  # Example

  ```nix
  checks.x86_64-linux.exports = poag.lib.mkExportCheck "x86_64-linux" self.poag;
  ```
*/
system: expert:
let
  alone = internal.alone expert;
  node = expert._node null;

  # Only their text: nothing else of the flake makes the check anew.
  found = builtins.mapAttrs (
    file: _:
    let
      path = node.src + "/${file}";
    in
    if builtins.pathExists path then builtins.readFile path else null
  ) node.exports;
in
mkRun system {
  name = "poag-${alone.name}-exports";
  inherit (alone) sources;
  args = [
    "export"
    "--quiet"
    "--check"
    "--graph"
    alone.graph
    "--found"
    (builtins.toFile "poag-exports.json" (builtins.unsafeDiscardStringContext (builtins.toJSON found)))
    "--stamp"
    (builtins.placeholder "out")
  ];
}
