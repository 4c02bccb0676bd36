# Reads a `poag.lock`. It is TOML, but of one fixed shape (a header and a value per entry), and read as that: a lock that a
# merge left broken then becomes our own text with its repair, where `builtins.fromTOML` would end the evaluation.
#
# Gives { problem } with what is wrong with it, or { declaration; files; contracts; }: name → entry, where an entry is
# { sha256 } or { nar }, and contracts have two levels.
{
  expert,
  text,
}:
let
  # A JSON string without its quotes.
  key = "\"(([^\"\\\\]|\\\\([\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*)\"";
  entryPattern = "\\[(declaration|files|contracts)\\.${key}(\\.${key})?]\n(sha256|nar) = \"([0-9a-f]{64}|default|sha256-[A-Za-z0-9+/]{43}=)\"\n";

  pieces = builtins.split entryPattern text;
  # What is no entry: before the first one the version and the expert, after that nothing but blank lines.
  # Almost all of it is the blank line between two entries, and not worth a second look.
  between = builtins.filter (piece: builtins.isString piece && piece != "\n") pieces;
  lines =
    piece: builtins.filter (line: builtins.isString line && line != "") (builtins.split "\n" piece);
  isComment = line: builtins.substring 0 1 line == "#";
  head = builtins.filter (line: !isComment line) (lines (builtins.head pieces));
  capture =
    pattern: index:
    let
      found =
        if builtins.length head > index then builtins.match pattern (builtins.elemAt head index) else null;
    in
    if found == null then null else builtins.head found;
  version = capture "version = ([0-9]+)" 0;
  owner = capture "expert = \"([A-Za-z0-9_-]+)\"" 1;
  unexplained =
    builtins.genList (i: builtins.elemAt head (i + 2)) (builtins.length head - 2)
    ++ builtins.concatMap lines (
      if builtins.head pieces == "\n" then between else builtins.tail between
    );

  decode =
    quoted:
    if builtins.match ".*\\\\.*" quoted == null then quoted else builtins.fromJSON "\"${quoted}\"";

  # Groups: section, key and two inside it, dotted key, key and two inside it, kind, value.
  entry =
    groups:
    let
      at = builtins.elemAt groups;
    in
    {
      section = at 0;
      name = decode (at 1);
      contract = if at 5 == null then null else decode (at 5);
      value = {
        ${at 8} = at 9;
      };
    };
  entries = map entry (builtins.filter builtins.isList pieces);

  toAttrs =
    field: list:
    builtins.listToAttrs (
      map (item: {
        name = item.${field};
        inherit (item) value;
      }) list
    );
  section = name: builtins.filter (item: item.section == name) entries;
  sections = {
    declaration = toAttrs "name" (section "declaration");
    files = toAttrs "name" (section "files");
    contracts = builtins.mapAttrs (_: toAttrs "contract") (
      builtins.groupBy (item: item.name) (section "contracts")
    );
  };

  # A contract has two names, everything else one.
  misnamed = builtins.any (item: (item.section == "contracts") != (item.contract != null)) entries;
  count = set: builtins.length (builtins.attrNames set);
  distinct =
    count sections.declaration
    + count sections.files
    + builtins.foldl' (sum: contracts: sum + count contracts) 0 (
      builtins.attrValues sections.contracts
    );

  isConflict = line: builtins.match "(<<<<<<<|>>>>>>>)( .*)?" line != null;
  problem =
    if builtins.any (piece: builtins.any isConflict (lines piece)) between then
      "poag.lock has merge conflicts in it"
    else if version == null then
      "poag.lock cannot be read: it does not begin with its version"
    else if version != "1" then
      "poag.lock is of version ${version}, and this poag reads version 1"
    else if owner == null then
      "poag.lock cannot be read: it does not name its expert"
    else if owner != expert then
      "poag.lock was written by the expert '${owner}'"
    else if unexplained != [ ] then
      "poag.lock cannot be read from '${builtins.substring 0 80 (builtins.head unexplained)}' on"
    else if misnamed then
      "poag.lock cannot be read: only a contract has two names, and it has both"
    else if distinct != builtins.length entries then
      "poag.lock cannot be read: two entries have one name"
    else
      null;
in
if problem == null then sections else { inherit problem; }
