# The value behind `.#poag`. Nix serializes a set by its `outPath` where it has one, whatever type that is: so the graph is
# what everyone sees as JSON, while `_node` hands the expert itself to its consumers without building its graph.
# `extra.extraFields` are fields that the caller takes care of.
extra: declaration:
let
  family = import ./family.nix extra declaration;
  node = family.root // {
    # The others of its flake, which come with it into every graph.
    inherit (family) members;
  };
  graphOf = unread: {
    schema = import ./schema.nix;
    root = node.name;
    inherit (import ./graph.nix { inherit unread; } node) experts;
  };
  graph = graphOf { };
in
graph
// {
  outPath = graph;
  # A function, so that printing the value shows no more than the graph.
  _node = _: node;
  # The experts that the same flake declares under `experts`: name → node.
  _members = _: family.members;
  # The same graph without the locks that are named, and where all of them lie: for a lock that Nix cannot read. See
  # lockFile.nix.
  _unread = graphOf;
  _locks = _: (import ./graph.nix { } node).locks;
}
