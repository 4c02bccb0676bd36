# A field that holds a set of optional settings: `agent`, `council` and `quota`. Null leaves a choice to the runner.
{
  fail,
  refusals,
  declared,
  table,
  ...
}:
{
  field,
  example,
  # What is checked, and where it stands, where that is not the field itself.
  given ? declared.${field} or { },
  place ? field,
}:
let
  # What was given, without an unknown field.
  checked =
    if !builtins.isAttrs given then
      refusals.refuse place "it must be a set, not ${fail.kind given}" "write `${place} = ${example};`"
    else if refusals.onlyKnown place table.${field}.names given then
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
      if checked.${name} or null == null then null else checks.${type} "${place}.${name}" checked.${name}
    ) table.${field}.types;
}
