# The files an expert owns, found by one walk; the store path, the hashes and the contracts all use what it found.
{
  name,
  src,
  include,
  exclude,
}:
let
  patterns = import ./patterns.nix;
  unowned = import ./unowned.nix;
  sourcePath = import ./sourcePath.nix;

  isIncluded = if include == [ ] then _: true else patterns.matchesAny include;
  isExcluded = patterns.matchesAny exclude;

  # Names that an include pattern spells out: what is left out by default comes back with them.
  named = builtins.listToAttrs (
    map (component: {
      name = component;
      value = null;
    }) (builtins.concatMap patterns.components include)
  );

  # Every kept entry of a folder and below it. A folder that keeps nothing is not kept.
  walk =
    folder: entries:
    builtins.concatMap (
      entry:
      let
        type = entries.${entry};
        path = if folder == "" then entry else "${folder}/${entry}";
        inner = builtins.readDir (src + "/${path}");
        below = walk path inner;
        kept = {
          name = path;
          value = type;
        };
        ordinary = named ? ${entry};
      in
      if unowned.never entry || isExcluded path then
        [ ]
      else if type == "directory" then
        if
          !ordinary && (unowned.folder entry entries || unowned.holds inner)
          # A flake of its own belongs to its own expert.
          || inner ? "flake.nix"
          || below == [ ]
        then
          [ ]
        else
          [ kept ] ++ below
      else if
        (type == "regular" || type == "symlink")
        && isIncluded path
        && (ordinary || !unowned.file entry type)
      then
        [ kept ]
      else
        [ ]
    ) (builtins.attrNames entries);

  # Path relative to `src` → `regular`, `symlink` or `directory`.
  entries = builtins.listToAttrs (walk "" (builtins.readDir src));
  files = builtins.listToAttrs (
    map (path: {
      name = path;
      value = entries.${path};
    }) (builtins.filter (path: entries.${path} != "directory") (builtins.attrNames entries))
  );

  folderOf =
    path:
    let
      parts = builtins.match "(.*)/[^/]*" path;
    in
    if parts == null then src else src + "/${builtins.head parts}";

  # Nix follows a symlink that it is given, and cannot read one; inside a folder it keeps it as it is. So a symlink is
  # told by the store path of a folder that holds nothing else.
  symlink =
    path:
    builtins.unsafeDiscardStringContext (
      builtins.path {
        name = "symlink";
        path = folderOf path;
        filter = entry: _: baseNameOf entry == baseNameOf path;
      }
    );

  digest =
    path: type:
    if type == "symlink" then symlink path else builtins.hashFile "sha256" (src + "/${path}");
in
{
  inherit entries files;

  # Exactly these files, as one store path.
  path =
    let
      prefix = builtins.stringLength (toString src) + 1;
    in
    builtins.path {
      name = "${name}-knowledge";
      path = src;
      filter = path: _: entries ? ${builtins.substring prefix (-1) path};
    };

  # File → what tells its content: the hex SHA-256 of a file, the store path of a symlink.
  digests = builtins.mapAttrs digest files;

  # The digest that an entry of `poag.lock` stands for.
  recorded = entry: if entry ? nar then sourcePath "symlink" entry.nar else entry.sha256;
}
