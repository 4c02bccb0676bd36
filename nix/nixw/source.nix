# The store path of the nixpkgs that a flake.lock pins: evaluating it fetches what is not there yet.
{ lock }:
{
  path =
    (builtins.fetchTree (builtins.fromJSON (builtins.readFile lock)).nodes.nixpkgs.locked).outPath;
}
