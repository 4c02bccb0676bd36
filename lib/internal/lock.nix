# Reads a `poag.lock`. It is TOML, but of one fixed shape (a header and a value per entry), and read as that, line by line:
# a lock that a merge, an editor or somebody else left broken then becomes our own text with its repair, where
# `builtins.fromTOML` and `builtins.fromJSON` would end the evaluation. Nothing is decoded before it was checked, no line is
# looked at that is longer than a regular expression can bear, and no byte of the lock gets into a text unless it is UTF-8.
#
# Gives { problem; newer; } with what is wrong with it and whether a newer poag wrote it, or { declaration; files; folders;
# contracts; }: name → entry, where an entry is { sha256 } or { nar }, and contracts have two levels. A folder's entry is about
# the names of files in it, see freshness.nix.
{
  expert,
  text,
}:
let
  # A lock of 250,000 files has about 40 MB; a path has at most 4,096 bytes, each of which takes six when it is escaped.
  maxBytes = 67108864;
  maxLine = 32768;

  # Characters that no editor shows, made from their numbers.
  character = hex: builtins.fromJSON "\"\\u${hex}\"";
  byte = at: text: builtins.substring at 1 text;
  # From the byte `from` to the byte `to`, as a class of a regular expression.
  bytes = from: to: "[${from}-${to}]";
  # Bytes that go on with a character, in parts: 80 is the first, BF the last.
  x80 = byte 1 (character "00c0");
  x8F = byte 1 (character "00cf");
  x90 = byte 1 (character "00d0");
  x9F = byte 1 (character "00df");
  xA0 = byte 1 (character "00e0");
  xBF = byte 1 (character "00ff");
  next = bytes x80 xBF;
  first = hex: byte 0 (character hex);
  astral = hex: byte 0 (builtins.fromJSON "\"\\u${hex}\\udc00\"");
  # Table 3-7 of the Unicode Standard, "Well-Formed UTF-8 Byte Sequences".
  wide = builtins.concatStringsSep "|" [
    "${bytes (first "0080") (first "07ff")}${next}"
    "${first "0800"}${bytes xA0 xBF}${next}"
    "${bytes (first "1000") (first "cfff")}${next}${next}"
    "${first "d000"}${bytes x80 x9F}${next}"
    "${bytes (first "e000") (first "ffff")}${next}${next}"
    "${astral "d800"}${bytes x90 xBF}${next}${next}"
    "${bytes (astral "d8c0") (astral "dac0")}${next}${next}${next}"
    "${astral "dbc0"}${bytes x80 x8F}${next}${next}"
  ];
  # A JSON string without its quotes, with the escapes of which each alone is a character that Nix can hold: no NUL, and no
  # half of a pair.
  hex = "[0-9a-fA-F]";
  number = "00(0[1-9a-fA-F]|[1-9a-fA-F]${hex})|(0[1-9a-fA-F]|[1-9a-cA-CefEF]${hex}|[dD][0-7])${hex}${hex}";
  key = "\"(([ !#-Z^-~[]|]|${wide}|\\\\([\"\\\\bfnrt]|u(${number})))*)\"";
  headerPattern = "\\[(declaration|files|folders|contracts)\\.${key}(\\.${key})?]";
  # The last digit of a SHA-256 in base 64 holds four bits.
  valuePattern = "(sha256|nar) = \"([0-9a-f]{64}|default|sha256-[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\"";

  # Git may write the ends of lines as Windows does (core.autocrlf).
  lines = builtins.filter builtins.isString (builtins.split "\r?\n" text);
  total = builtins.length lines;
  line = builtins.elemAt lines;
  numbers = builtins.genList (i: i) total;
  begins = character: text: builtins.substring 0 1 text == character;

  long = builtins.filter (i: builtins.stringLength (line i) > maxLine) numbers;
  isConflict = text: builtins.match "(<<<<<<<|>>>>>>>)( .*)?" text != null;
  conflicts = builtins.filter (
    i: (begins "<" (line i) || begins ">" (line i)) && isConflict (line i)
  ) numbers;

  headers = builtins.filter (i: begins "[" (line i)) numbers;
  firstHeader = if headers == [ ] then total else builtins.head headers;

  # Before the first entry: the version and the expert. After it nothing but entries and blank lines.
  head = builtins.filter (i: i < firstHeader && line i != "" && !begins "#" (line i)) numbers;
  capture =
    pattern: index:
    let
      found =
        if builtins.length head > index then
          builtins.match pattern (line (builtins.elemAt head index))
        else
          null;
    in
    if found == null then null else builtins.head found;
  version = capture "version = ([0-9]{1,20})" 0;
  owner = capture "expert = \"([A-Za-z0-9_-]+)\"" 1;

  decode =
    quoted:
    if builtins.match ".*\\\\.*" quoted == null then quoted else builtins.fromJSON "\"${quoted}\"";

  # Groups of a header: section, key, and the dotted key. How many more each key has inside, the pattern knows.
  inKey = 5;
  parsed = map (
    i:
    let
      header = builtins.match headerPattern (line i);
      value = if i + 1 < total then builtins.match valuePattern (line (i + 1)) else null;
      at = builtins.elemAt header;
    in
    if header == null then
      { wrong = i; }
    else if value == null then
      { wrong = i + 1; }
    else
      {
        section = at 0;
        name = decode (at 1);
        contract = if at (3 + inKey) == null then null else decode (at (3 + inKey));
        value.${builtins.head value} = builtins.elemAt value 1;
      }
  ) headers;
  entries = builtins.filter (entry: !entry ? wrong) parsed;

  # Lines that are no entry, no value of one and not blank.
  stray = builtins.filter (
    i: i > firstHeader && line i != "" && !begins "[" (line i) && !begins "[" (line (i - 1))
  ) numbers;
  unexplained =
    builtins.genList (i: builtins.elemAt head (i + 2)) (builtins.length head - 2)
    ++ map (entry: entry.wrong) (builtins.filter (entry: entry ? wrong) parsed)
    ++ stray;

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
    folders = toAttrs "name" (section "folders");
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
    + count sections.folders
    + builtins.foldl' (sum: contracts: sum + count contracts) 0 (
      builtins.attrValues sections.contracts
    );

  # Lines are counted from 1. What stands there is not shown: it may be anything.
  from = i: "poag.lock cannot be read from line ${toString (i + 1)} on";
  problem =
    if builtins.stringLength text > maxBytes then
      "poag.lock cannot be read: it has more than ${toString maxBytes} bytes"
    else if long != [ ] then
      from (builtins.head long)
    else if conflicts != [ ] then
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
      from (builtins.head (builtins.sort builtins.lessThan unexplained))
    else if misnamed then
      "poag.lock cannot be read: only a contract has two names, and it has both"
    else if distinct != builtins.length entries then
      "poag.lock cannot be read: two entries have one name"
    else
      null;
in
if problem == null then
  sections
else
  {
    inherit problem;
    newer = version != null && version != "1";
  }
