# The flake's own expert asks whom nobody else leads to; who is only named is one of the same flake.
{ workspace, ... }:
let
  inherit (workspace { }) poag;
in
{
  inherit (poag) root;
  experts = builtins.mapAttrs (_: expert: {
    inherit (expert) neighbors role;
  }) poag.experts;
}
