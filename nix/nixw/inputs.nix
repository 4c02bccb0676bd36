# The input paths of a flake.lock that lead to the nixpkgs which another flake.lock pins, one per line.
{
  lock,
  pin,
}:
let
  read = file: builtins.fromJSON (builtins.readFile file);
  pinned = (read pin).nodes.nixpkgs.locked.narHash;
  inherit (read lock) nodes root;

  # A list in place of a node's name is a `follows`: the override of what it follows reaches it too.
  below =
    path: name:
    builtins.concatMap (
      input:
      let
        target = nodes.${name}.inputs.${input};
        here = path ++ [ input ];
      in
      if builtins.isList target then
        [ ]
      else if nodes.${target}.locked.narHash or "" == pinned then
        [ (builtins.concatStringsSep "/" here) ]
      else
        below here target
    ) (builtins.attrNames (nodes.${name}.inputs or { }));
in
builtins.concatStringsSep "\n" (below [ ] root)
