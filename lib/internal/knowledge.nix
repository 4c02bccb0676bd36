# The files an expert owns, found by one walk; the store path, the hashes and the contracts all use what it found.
#
# A symbolic link is told by itself, as a rule: what it leads to is somebody else's. One that a contract or `include` names,
# or that stands on the way to what they name, is followed: it counts by the content it leads to in the same source.
{
  name,
  src,
  include,
  exclude,
  # Folders that experts have, by their absolute paths: what lies below one that is not `src` is somebody else's.
  folders,
  # The file in which experts are declared, or null: what stands there is no knowledge.
  declaredIn,
  # Whether a link at this path is followed.
  follows,
  # Refuses a link: path, what is wrong with it.
  refuseLink,
  # The words that stand beside an error of Nix over a link.
  linkContext,
}:
let
  patterns = import ./patterns.nix;
  unowned = import ./unowned.nix;
  border = import ./border.nix;
  sourcePath = import ./sourcePath.nix;

  isIncluded = if include == [ ] then _: true else patterns.matchesAny include;
  isExcluded = patterns.matchesAny exclude;

  isBorder =
    path: place:
    let
      file = place + "/flake.nix";
    in
    builtins.pathExists file
    && builtins.readFileType file == "regular"
    && border.isBorder path (builtins.readFile file);

  # Names that an include pattern spells out: what is left out by default comes back with them.
  named = builtins.listToAttrs (
    map (component: {
      name = component;
      value = null;
    }) (builtins.concatMap patterns.components include)
  );

  # The real path behind a link that is followed; an error where it is not one of this source.
  target =
    path: place:
    let
      found = import ./link.nix (linkContext path) place;
    in
    found.path or (refuseLink path "'${path}' is a symbolic link that ${found.problem}");

  # Every kept entry of a folder and below it: its path here, its type once links are followed, and where it really is.
  # A folder that keeps nothing is not kept. The flakes of others on the way are told, too. `way` are the real folders from here up to `src`.
  walk =
    {
      folder,
      real,
      linked,
      way,
    }:
    entries:
    builtins.concatMap (
      entry:
      let
        path = if folder == "" then entry else "${folder}/${entry}";
        place = real + "/${entry}";
        followed = entries.${entry} == "symlink" && (linked || follows path);
        here = if followed then target path place else place;
        type = if followed then builtins.readFileType here else entries.${entry};
        inner =
          if followed && builtins.any (patterns.below (toString here)) way then
            refuseLink path "'${path}' is a symbolic link to a folder that holds it"
          else
            builtins.readDir here;
        below = walk {
          folder = path;
          real = here;
          linked = linked || followed;
          way = [ (toString here) ] ++ way;
        } inner;
        kept = {
          name = path;
          value = {
            inherit type here;
            linked = linked || followed;
          };
        };
        ordinary = named ? ${entry};
      in
      if unowned.never entry || isExcluded path then
        [ ]
      else if type == "directory" then
        if
          !ordinary && (unowned.folder entry entries || unowned.holds inner)
          # It belongs to somebody else.
          || folders ? ${toString here}
        then
          [ ]
        else if inner ? "flake.nix" && isBorder path here then
          [
            {
              name = path;
              value = {
                type = "flake";
                hasExpert =
                  inner ? "poag.nix"
                  || inner ? "poag.lock"
                  || border.speaks (builtins.readFile (here + "/flake.nix"));
              };
            }
          ]
        else if builtins.all (one: one.value.type == "flake") below then
          below
        else
          [ kept ] ++ below
      else if
        (type == "regular" || type == "symlink")
        && isIncluded path
        && place != declaredIn
        && (ordinary || !unowned.file entry entries.${entry})
      then
        [ kept ]
      else
        [ ]
    ) (builtins.attrNames entries);

  found = builtins.partition (one: one.value.type == "flake") (
    walk {
      folder = "";
      real = src;
      linked = false;
      way = [ (toString src) ];
    } (builtins.readDir src)
  );

  # Path relative to `src` → what is there.
  entries = builtins.listToAttrs found.wrong;
  files = builtins.listToAttrs (
    map (path: {
      name = path;
      value = entries.${path};
    }) (builtins.filter (path: entries.${path}.type != "directory") (builtins.attrNames entries))
  );

  # Those that are reached through a link, with their place in the source: there `path` holds the link alone.
  linkedFiles = builtins.listToAttrs (
    map (path: {
      name = path;
      value = files.${path};
    }) (builtins.filter (path: files.${path}.linked) (builtins.attrNames files))
  );
  inherit (import ./location.nix src) source;
  inSource = path: builtins.substring (builtins.stringLength source + 1) (-1) (toString path);

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

  # File → what tells its content: the hex SHA-256 of a file, the store path of a link that is not followed.
  digest =
    path: file: if file.type == "symlink" then symlink path else builtins.hashFile "sha256" file.here;

  digests = builtins.mapAttrs digest files;

  # Of what is reached through links, the files that `isWanted` by their paths here.
  linkedOf =
    isWanted:
    let
      wanted = builtins.filter isWanted (builtins.attrNames linkedFiles);
      places = builtins.listToAttrs (
        map (path: {
          name = path;
          value = inSource linkedFiles.${path}.here;
        }) wanted
      );
      # The files and the folders above them.
      holds = builtins.listToAttrs (
        builtins.concatMap (
          place:
          let
            parts = patterns.components place;
          in
          builtins.genList (n: {
            name = builtins.concatStringsSep "/" (builtins.genList (builtins.elemAt parts) (n + 1));
            value = null;
          }) (builtins.length parts)
        ) (builtins.attrValues places)
      );
    in
    if wanted == [ ] then
      null
    else
      {
        path = builtins.path {
          name = "${name}-linked";
          path = /. + source;
          filter = path: _: holds ? ${inSource path};
        };
        files = builtins.mapAttrs (path: place: {
          inherit place;
          sha256 = digests.${path};
        }) places;
      };
in
{
  inherit
    entries
    files
    digests
    isBorder
    linkedOf
    ;

  # The folders in which flakes of others begin that have no expert: nobody knows what lies there.
  flakes = map (one: one.name) (builtins.filter (one: !one.value.hasExpert) found.right);

  # What is reached through links: { path; files }, a store path that holds it as it lies in the source, and path here →
  # its `place` there and its `sha256`; null where there is none.
  linked = linkedOf (_: true);

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

  # The digest that an entry of `poag.lock` stands for.
  recorded = entry: if entry ? nar then sourcePath "symlink" entry.nar else entry.sha256;
}
