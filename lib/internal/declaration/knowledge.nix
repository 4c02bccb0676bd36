# The field `knowledge`: which of its files the expert knows, and how much of them fits into its pack.
{
  fail,
  refusals,
  declared,
  table,
  ...
}:
let
  inherit (refusals) refuse;
  patterns = import ../patterns.nix;

  given = declared.knowledge or { };

  checked =
    if !builtins.isAttrs given then
      refuse "knowledge" "it must be a set, not ${fail.kind given}"
        "write `knowledge = { include = [ ]; exclude = [ ]; maxTokens = 24000; };`"
    else if refusals.onlyKnown "knowledge" table.knowledge.names given then
      given
    else
      { };

  paths =
    which:
    let
      field = "knowledge.${which}";
      value = checked.${which} or [ ];
    in
    if !builtins.isList value then
      refuse field "it must be a list of strings, not ${fail.kind value}"
        "write `${which} = [ \"src\" ];`"
    else
      map (
        pattern:
        if !builtins.isString pattern then
          refuse field "it must be a list of strings, but one element is ${fail.kind pattern}"
            "put the path in quotes, relative to `src`: `\"src\"`"
        else if patterns.escapes pattern then
          refuse field "'${pattern}' is not a path inside `src`"
            "write a path or glob relative to `src`, without '..'"
        else
          patterns.normalize pattern
      ) value;

  maxTokens = checked.maxTokens or table.defaults."knowledge.maxTokens";
in
{
  include = paths "include";
  exclude = paths "exclude";
  maxTokens =
    if !builtins.isInt maxTokens then
      refuse "knowledge.maxTokens" "it must be a positive integer, not ${fail.kind maxTokens}"
        "write `maxTokens = 24000;`"
    else if maxTokens < 1 then
      refuse "knowledge.maxTokens" "${toString maxTokens} is not positive" "write `maxTokens = 24000;`"
    else
      maxTokens;
}
