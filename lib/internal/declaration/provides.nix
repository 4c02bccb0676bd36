# The field `provides`: the contracts this expert keeps, each a summary and the files that hold it.
{
  fail,
  refusals,
  declared,
  table,
  ...
}:
let
  inherit (refusals) refuse;
  inherit (import ../names.nix) isName rule;
  patterns = import ../patterns.nix;

  given = declared.provides or { };

  contract =
    name: value:
    let
      field = "provides.${name}";
      files = value.files or [ ];
      example = "write `${name} = { summary = \"greet(name) -> str\"; files = [ \"src\" ]; };`";
    in
    if !isName name then
      refuse "provides" "'${name}' cannot be a contract's name" rule
    else if !builtins.isAttrs value then
      refuse field "it must be a set, not ${fail.kind value}" example
    else if !refusals.onlyKnown field table.contract.names value then
      { }
    else if !value ? summary then
      refuse "${field}.summary" "it is missing"
        "say in one line what consumers may rely on: `summary = \"greet(name) -> str\";`"
    else if !builtins.isString value.summary then
      refuse "${field}.summary" "it must be a string, not ${fail.kind value.summary}"
        "write `summary = \"greet(name) -> str\";`"
    else if builtins.match "[[:space:]]*" value.summary != null then
      refuse "${field}.summary" "it is empty"
        "say in one line what consumers may rely on: `summary = \"greet(name) -> str\";`"
    else if !builtins.isList files then
      refuse "${field}.files" "it must be a list of strings, not ${fail.kind files}"
        "write `files = [ \"src/lib.rs\" ];`"
    else
      {
        summary = builtins.unsafeDiscardStringContext value.summary;
        files = map (
          file:
          if !builtins.isString file then
            refuse "${field}.files" "it must be a list of strings, but one element is ${fail.kind file}"
              "put the path in quotes, relative to `src`: `\"src/lib.rs\"`"
          else if patterns.escapes file then
            refuse "${field}.files" "'${file}' is not a path inside `src`"
              "name a file or folder relative to `src`, without '..'"
          else
            patterns.normalize file
        ) files;
      };
in
if !builtins.isAttrs given then
  refuse "provides" "it must be a set of contracts, not ${fail.kind given}"
    "write `provides.greet = { summary = \"greet(name) -> str\"; files = [ \"src\" ]; };`"
else
  builtins.mapAttrs contract given
