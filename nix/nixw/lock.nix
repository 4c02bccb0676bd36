# A flake.lock with the stand-in wherever the pinned nixpkgs was, as JSON. Nix takes it for the flake's own lock, so
# that it holds for a root, for a flake that has poag as an input, and however deep below, and nothing is rewritten.
{
  lock,
  pin,
  standIn,
}:
let
  read = file: builtins.fromJSON (builtins.readFile file);
  pinned = (read pin).nodes.nixpkgs.locked.narHash;
  tree = builtins.fetchTree {
    type = "path";
    path = standIn;
  };
  locked = {
    type = "path";
    path = standIn;
    inherit (tree) lastModified narHash;
  };
  given = read lock;
in
{
  text = builtins.toJSON (
    given
    // {
      nodes = builtins.mapAttrs (
        _: node: if node.locked.narHash or "" == pinned then node // { inherit locked; } else node
      ) given.nodes;
    }
  );
}
