# A field that holds a set of optional settings: `agent` and `council`. Null leaves a choice to the runner.
{
  fail,
  refusals,
  declared,
  ...
}:
{
  field,
  fields,
  example,
}:
let
  given = declared.${field} or { };

  # What was given, without an unknown field.
  checked =
    if !builtins.isAttrs given then
      refusals.refuse field "it must be a set, not ${fail.kind given}" "write `${field} = ${example};`"
    else if refusals.onlyKnown field fields given then
      given
    else
      { };
in
{
  inherit checked;

  # One setting: null, or what `check` makes of it.
  optional =
    setting: check:
    if checked.${setting} or null == null then null else check "${field}.${setting}" checked.${setting};
}
