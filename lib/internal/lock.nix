# Reads a `poag.lock`. It is TOML, but of one fixed shape (a header and a value per entry), and read as that: a lock that a
# merge left broken then becomes our own text with its repair, where `builtins.fromTOML` would end the evaluation.
#
# Gives { problem } with what is wrong with it, or { declaration; files; contracts; }: name → entry, where an entry is
# { sha256 } or { nar }, and contracts have two levels.
{
  expert,
  text,
}: let
  # A JSON string without its quotes.
  key = "\"(([^\"\\\\]|\\\\([\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*)\"";
  entryPattern = "\\[(declaration|files|contracts)\\.${key}(\\.${key})?]\n(sha256|nar) = \"([0-9a-f]{64}|default|sha256-[A-Za-z0-9+/]{43}=)\"\n";
  headPattern = "(#[^\n]*\n)*version = ([0-9]+)\nexpert = \"([A-Za-z0-9_-]*)\"\n\n*";

  pieces = builtins.split entryPattern text;
  # The regular expressions of Nix recurse: they are not let loose on a text of any length.
  head =
    if builtins.stringLength (builtins.head pieces) > 4096
    then null
    else builtins.match headPattern (builtins.head pieces);
  version = builtins.elemAt head 1;
  owner = builtins.elemAt head 2;

  # What no entry explains. Blank lines may stand anywhere.
  unexplained = builtins.filter builtins.isString pieces;
  rest = builtins.filter (piece: builtins.match "\n*" piece == null) (builtins.tail unexplained);
  firstLine = piece: builtins.head (builtins.filter (line: builtins.isString line && line != "") (builtins.split "\n" piece));

  decode = quoted:
    if builtins.match ".*\\\\.*" quoted == null
    then quoted
    else builtins.fromJSON "\"${quoted}\"";

  # Groups: section, key and two inside it, dotted key, key and two inside it, kind, value.
  entry = groups: let
    at = builtins.elemAt groups;
  in {
    section = at 0;
    name = decode (at 1);
    contract =
      if at 5 == null
      then null
      else decode (at 5);
    value = {${at 8} = at 9;};
  };
  entries = map entry (builtins.filter builtins.isList pieces);

  toAttrs = field: list:
    builtins.listToAttrs (map (item: {
        name = item.${field};
        inherit (item) value;
      })
      list);
  section = name: builtins.filter (item: item.section == name) entries;
  sections = {
    declaration = toAttrs "name" (section "declaration");
    files = toAttrs "name" (section "files");
    contracts = builtins.mapAttrs (_: toAttrs "contract") (builtins.groupBy (item: item.name) (section "contracts"));
  };

  # A contract has two names, everything else one.
  misnamed = builtins.any (item: (item.section == "contracts") != (item.contract != null)) entries;
  count = set: builtins.length (builtins.attrNames set);
  distinct =
    count sections.declaration
    + count sections.files
    + builtins.foldl' (sum: contracts: sum + count contracts) 0 (builtins.attrValues sections.contracts);

  hasConflict = piece: builtins.replaceStrings ["<<<<<<< " ">>>>>>> "] ["" ""] piece != piece;
  problem =
    if builtins.any hasConflict unexplained
    then "poag.lock has merge conflicts in it"
    else if head == null
    then "poag.lock cannot be read: it does not begin with a version and an expert"
    else if version != "1"
    then "poag.lock is of version ${version}, and this poag reads version 1"
    else if owner != expert
    then "poag.lock was written by the expert '${owner}'"
    else if rest != []
    then "poag.lock cannot be read from '${firstLine (builtins.head rest)}' on"
    else if misnamed || distinct != builtins.length entries
    then "poag.lock cannot be read: two entries have one name"
    else null;
in
  if problem == null
  then sections
  else {inherit problem;}
