{
  lib,
  expert,
  ...
}:
let
  check = lib.mkFreshnessCheck (expert { });
in
{
  inherit (check) name type;
  drvPath = builtins.tryEval check.drvPath;
  outPath = builtins.tryEval check.outPath;
}
