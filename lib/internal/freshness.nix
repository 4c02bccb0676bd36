# Whether an expert still knows its flake: what `poag.lock` records against what is there now. Pure evaluation: no build,
# no model, nothing but hashes of files.
{
  name,
  # { text } of `poag.lock`, { problem } where it is not read, or null where there is none.
  lock,
  # Path → digest, field → hash, neighbor → contract → hash, as they are now.
  files,
  declaration,
  contracts,
  # Turns an entry of the lock into a digest of `files`.
  recordedFile,
  # The command that learns it, and what records a lock that is not there yet.
  learn,
  add,
}:
let
  recorded =
    if lock ? problem then
      lock
    else
      import ./lock.nix {
        expert = name;
        inherit (lock) text;
      };

  # Names of one set that another lacks, and those of both whose values differ.
  missingFrom = other: set: builtins.attrNames (removeAttrs set (builtins.attrNames other));
  compare =
    before: now:
    if before == now then
      none
    else
      {
        added = missingFrom before now;
        removed = missingFrom now before;
        changed = builtins.filter (key: now.${key} != before.${key}) (
          builtins.attrNames (builtins.intersectAttrs before now)
        );
      };

  hashes = builtins.mapAttrs (_: entry: entry.sha256 or entry.nar);

  # Of a file that has an entry the content counts, of every other one that it is there: in the nearest folder that has an
  # entry, which stands for the names of all of them.
  unread = builtins.groupBy nearest (missingFrom recorded.files files);
  nearest = path: nearestOf.${dirOf path};
  nearestOf = builtins.mapAttrs (
    folder: _:
    let
      up =
        folder:
        if recorded.folders ? ${folder} then
          folder
        else if folder == "." then
          ""
        else
          up (dirOf folder);
    in
    up folder
  ) (builtins.groupBy dirOf (builtins.attrNames files));
  # No path holds two slashes beside each other.
  namesHash = names: builtins.hashString "sha256" (builtins.concatStringsSep "//" names);

  fileChanges = {
    added = unread."" or [ ];
    removed = missingFrom files recorded.files;
    changed = builtins.filter (path: files.${path} != recordedFile recorded.files.${path}) (
      builtins.attrNames (builtins.intersectAttrs files recorded.files)
    );
  };
  changedFolders = builtins.filter (
    folder: recorded.folders.${folder} != { sha256 = namesHash (unread.${folder} or [ ]); }
  ) (builtins.attrNames recorded.folders);
  fieldChanges = compare (hashes recorded.declaration) declaration;
  changedFields = builtins.sort builtins.lessThan (
    fieldChanges.added ++ fieldChanges.changed ++ fieldChanges.removed
  );

  contractChanges = builtins.concatMap (
    neighbor:
    let
      changes = compare (hashes (recorded.contracts.${neighbor} or { })) (contracts.${neighbor} or { });
      list =
        change:
        map (contract: {
          inherit neighbor contract change;
        }) changes.${change};
    in
    list "changed" ++ list "added" ++ list "removed"
  ) (builtins.attrNames (recorded.contracts // contracts));

  isFresh =
    fileChanges == none && changedFolders == [ ] && changedFields == [ ] && contractChanges == [ ];

  shownName = import ./shown.nix;
  # Names of each kind of difference in the message, which is one line for all of them: `poag check --json` has every name.
  shown = 3;
  difference =
    kind: names:
    let
      rest = builtins.length names - shown;
      first = builtins.genList (builtins.elemAt names) (if rest > 0 then shown else shown + rest);
      more = if rest > 0 then [ "… ${toString rest} more" ] else [ ];
    in
    if names == [ ] then [ ] else [ "${kind}: ${builtins.concatStringsSep ", " (first ++ more)}" ];
  byChange =
    kind: names:
    builtins.concatMap (change: difference "${change} ${kind}" (names change)) [
      "changed"
      "added"
      "removed"
    ];
  contractsThat =
    change:
    map (each: "${shownName each.neighbor} provides ${shownName each.contract}") (
      builtins.filter (each: each.change == change) contractChanges
    );
  differences =
    byChange "file" (change: map shownName fileChanges.${change})
    ++ difference "other files in" (map shownName changedFolders)
    ++ difference "changed declaration" (map shownName changedFields)
    ++ byChange "contract" contractsThat;

  none = {
    added = [ ];
    changed = [ ];
    removed = [ ];
  };
  unknown = {
    files = none;
    folders = [ ];
    learned = null;
    declaration = [ ];
    contracts = [ ];
  };
  lines = builtins.concatStringsSep "\n";
in
if lock == null then
  unknown
  // {
    status = "unlearned";
    repair = "${learn} && ${add}";
    message = lines [
      "poag: expert '${name}' has not learned its flake yet: there is no poag.lock beside flake.nix"
      "repair: ${learn} && ${add}"
    ];
  }
else if recorded ? problem then
  unknown
  // rec {
    status = "stale";
    # Learning with this poag would be refused.
    repair = if recorded.newer or false then "nix flake update poag, then ${learn}" else learn;
    message = lines [
      "poag: expert '${name}' is stale: ${recorded.problem}"
      "repair: ${repair}"
    ];
  }
else if isFresh then
  unknown
  // {
    status = "fresh";
    # The files whose content was learned, where that is not all of them.
    learned = if recorded.folders == { } then null else builtins.attrNames recorded.files;
    repair = "";
    message = "";
  }
else
  {
    status = "stale";
    files = fileChanges;
    folders = changedFolders;
    learned = null;
    declaration = changedFields;
    contracts = contractChanges;
    repair = learn;
    message = lines [
      "poag: expert '${name}' is stale: its flake differs from what it learned (poag.lock)"
      "  ${builtins.concatStringsSep "; " differences}"
      "repair: ${learn}"
    ];
  }
