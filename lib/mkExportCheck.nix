{ internal, mkRun }:
/**
  Makes the check that the files which `poag export` writes (`exports` of the declaration) say what the expert knows. It
  compares them when it is built; a difference is told with the command that repairs it as the last line of its log.

  # Inputs

  `system`, and `expert`: what `mkPoagExpert` returns; for one of those that its flake declares under `experts`,
  `expert // { only = "<name>"; }`.

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
  inherit (alone) node;

  inherit (internal.fail.forExpert alone.name) refuse who;
  repair = "remove it, then let poag write it: `poag export`";

  # Only their text: nothing else of the flake makes the check anew. What lies behind a link is not read.
  found = builtins.mapAttrs (
    file: _:
    let
      path = node.src + "/${file}";
      context = what: "poag: ${who}, field 'exports': '${file}' ${what}\nfix: ${repair}";
      real = internal.link (context "is a symbolic link that leads out of the source that it lies in, or to itself") path;
      type = builtins.readFileType path;
    in
    if !builtins.pathExists path then
      null
    else if toString (real.path or null) != toString path then
      refuse "exports" "'${file}' is a symbolic link, or lies behind one" repair
    else if type != "regular" then
      refuse "exports" "'${file}' is no file" repair
    else
      builtins.addErrorContext (context "is no text") (builtins.readFile path)
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
