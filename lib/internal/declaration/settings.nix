# A field that holds a set of optional settings: `agent` and `council`. Null leaves a choice to the runner.
{
  fail,
  refusals,
  declared,
  table,
  ...
}:
{ field, example }:
let
  given = declared.${field} or { };

  # What was given, without an unknown field.
  checked =
    if !builtins.isAttrs given then
      refusals.refuse field "it must be a set, not ${fail.kind given}" "write `${field} = ${example};`"
    else if refusals.onlyKnown field table.${field}.names given then
      given
    else
      { };
in
{
  inherit checked;

  # Every setting: null, or what the check of its type makes of it.
  all =
    checks:
    builtins.mapAttrs (
      name: type:
      if checked.${name} or null == null then null else checks.${type} "${field}.${name}" checked.${name}
    ) table.${field}.types;
}
