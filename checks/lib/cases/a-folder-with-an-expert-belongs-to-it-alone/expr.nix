# At any depth, also where that folder is a flake of its own. A file flake.nix that is a module hides nothing, templates and
# samples belong to the flake that holds them, and what is left out is said.
{ workspace, ... }:
let
  inherit (workspace { }) poag;
  files = node: builtins.attrNames node.knowledge.files;
in
{
  workspace = files (poag._node null);
  others = builtins.mapAttrs (_: files) (poag._members null);
  leftOut = poag.experts.workspace.knowledge.flakes;
  core = poag.experts.core.knowledge.flakes or "none";
}
