# Paths, folders and globs (`*`, `**`, `?`) as the fields of a declaration name them, relative to the expert's folder.
let
  isGlob = pattern: builtins.match ".*[*?].*" pattern != null;

  # A glob as a POSIX regular expression; the longest token comes first.
  toRegex =
    builtins.replaceStrings
      [
        "**/"
        "**"
        "*"
        "?"
        "\\"
        "."
        "+"
        "("
        ")"
        "["
        "{"
        "^"
        "$"
        "|"
      ]
      [
        "(.*/)?"
        ".*"
        "[^/]*"
        "[^/]"
        "\\\\"
        "\\."
        "\\+"
        "\\("
        "\\)"
        "\\["
        "\\{"
        "\\^"
        "\\$"
        "\\|"
      ];

  # Whether a path is `folder` or lies below it; "." is the whole.
  below =
    folder:
    let
      prefix = "${folder}/";
      length = builtins.stringLength prefix;
    in
    path: folder == "." || path == folder || builtins.substring 0 length path == prefix;

  matcher =
    pattern:
    if isGlob pattern then
      let
        regex = "(${toRegex pattern})(/.*)?";
      in
      path: builtins.match regex path != null
    else
      below pattern;

  components = pattern: builtins.filter builtins.isString (builtins.split "/" pattern);
in
{
  inherit below components;

  # A path as it is compared: without `./` in front and `/` behind.
  normalize =
    pattern:
    let
      inner = builtins.match "(\\./+)*(.*[^/])/*" pattern;
    in
    if inner == null then "." else builtins.elemAt inner 1;

  # Whether a pattern leaves the expert's folder, or names nothing.
  escapes =
    pattern:
    pattern == "" || builtins.substring 0 1 pattern == "/" || builtins.elem ".." (components pattern);

  # `matchesAny patterns` is a test of one path.
  matchesAny =
    patterns:
    let
      matchers = map matcher patterns;
    in
    path: builtins.any (matches: matches path) matchers;
}
