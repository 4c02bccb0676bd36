# Source in the store → the locked reference it was fetched by, from the flake.lock that governs a folder: the nearest
# one at or above it in its source.
src:
let
  location = import ./location.nix src;
  sourcePath = import ./sourcePath.nix;

  nearest =
    folder:
    if builtins.pathExists (folder + "/flake.lock") then
      folder + "/flake.lock"
    else if toString folder == location.source || toString folder == "/" then
      null
    else
      nearest (dirOf folder);
  lock = nearest src;

  nodes =
    if lock == null then
      [ ]
    else
      builtins.attrValues ((builtins.fromJSON (builtins.readFile lock)).nodes or { });

  # Relative inputs have no hash of their own: they are part of a source that has one.
  hasHash = node: builtins.match "sha256-[A-Za-z0-9+/]{43}=" (node.locked.narHash or "") != null;
in
builtins.listToAttrs (
  map (node: {
    name = sourcePath "source" node.locked.narHash;
    value = node.locked;
  }) (builtins.filter hasHash nodes)
)
