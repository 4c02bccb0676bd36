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
  fileChanges = compare (builtins.mapAttrs (_: recordedFile) recorded.files) files;
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

  isFresh = fileChanges == none && changedFields == [ ] && contractChanges == [ ];

  shownName = import ./shown.nix;
  shown = 20;
  fileLines =
    builtins.concatMap (change: map (file: "  ${change} file: ${shownName file}") fileChanges.${change})
      [
        "changed"
        "added"
        "removed"
      ];
  rest = builtins.length fileLines - shown;
  firstFileLines =
    if rest > 0 then
      builtins.genList (builtins.elemAt fileLines) shown ++ [ "  … and ${toString rest} more files" ]
    else
      fileLines;
  differences =
    firstFileLines
    ++ map (field: "  changed declaration: ${shownName field}") changedFields
    ++ map (
      each: "  ${each.change} contract: ${shownName each.neighbor} provides ${shownName each.contract}"
    ) contractChanges;

  none = {
    added = [ ];
    changed = [ ];
    removed = [ ];
  };
  unknown = {
    files = none;
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
  // {
    status = "stale";
    repair = learn;
    message = lines [
      "poag: expert '${name}' is stale: ${recorded.problem}"
      "repair: ${learn}"
    ];
  }
else if isFresh then
  unknown
  // {
    status = "fresh";
    repair = "";
    message = "";
  }
else
  {
    status = "stale";
    files = fileChanges;
    declaration = changedFields;
    contracts = contractChanges;
    repair = learn;
    message = lines (
      [ "poag: expert '${name}' is stale: its flake differs from what it learned (poag.lock)" ]
      ++ differences
      ++ [ "repair: ${learn}" ]
    );
  }
