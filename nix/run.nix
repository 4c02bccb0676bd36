# A derivation that poag itself builds: no shell, and no packages beside it. What it makes refers to nothing in the store.
# args: words for poag. sources: the store paths that it reads.
{ system, poag }:
{
  name,
  args,
  sources,
}:
derivation {
  inherit
    name
    system
    args
    sources
    ;
  builder = "${poag}/bin/poag";
  allowedReferences = [ ];
  preferLocalBuild = true;
}
