# The field `panel`: who takes part in debates that begin with this expert.
context@{
  fail,
  refusals,
  declared,
  table,
  ...
}:
let
  inherit (refusals) refuse;
  inherit (import ../names.nix) isName rule;
  didYouMean = import ../didYouMean.nix;

  given = declared.panel or { };
  example = "{ backend = \"claude-code\"; role = \"Cares for those who run it.\"; }";
  backends = table.values."panel.<name>.backend";

  text =
    field: value:
    if !builtins.isString value then
      refuse field "it must be a string, not ${fail.kind value}" "put it in quotes"
    else if builtins.match "[[:space:]]*" value != null then
      refuse field "it is empty" "say it, or leave the field out"
    else
      builtins.unsafeDiscardStringContext value;

  words =
    field: value:
    if builtins.isList value && builtins.all builtins.isString value then
      map builtins.unsafeDiscardStringContext value
    else
      refuse field "it must be a list of strings" "write `capabilities = [ \"design\" ];`";

  orNull =
    check: field: value:
    if value == null then null else check field value;

  limit = import ./limit.nix context;

  participant =
    name: value:
    let
      place = "panel.${name}";
      agent = import ./agent.nix (
        context
        // {
          agentOf = {
            inherit place;
            given = builtins.intersectAttrs table.agent.types value;
          };
        }
      );
    in
    if !isName name then
      refuse "panel" "'${name}' cannot be a participant's name" rule
    else if !builtins.isAttrs value then
      refuse place "it must be a set, not ${fail.kind value}" "write `${place} = ${example};`"
    else if !refusals.onlyKnown place table.panel.names value then
      { }
    else if value.backend or null == null then
      refuse "${place}.backend" "it is missing" "say what it thinks with: ${fail.names backends}"
    else if builtins.isString value.backend && !builtins.elem value.backend backends then
      refuse "${place}.backend" (
        if value.backend == "librarian" then
          "the librarian finds what a flake says, and holds no position"
        else
          "there is no backend '${value.backend}'${didYouMean backends value.backend}"
      ) "use one of: ${fail.names backends}"
    else
      {
        inherit agent;
        expert = orNull text "${place}.expert" (value.expert or null);
        role = orNull text "${place}.role" (value.role or null);
        artifactBytes = orNull limit.amount "${place}.artifactBytes" (value.artifactBytes or null);
        capabilities = words "${place}.capabilities" (
          value.capabilities or table.defaults."panel.<name>.capabilities"
        );
      };
in
if !builtins.isAttrs given then
  refuse "panel" "it must be a set of participants, not ${fail.kind given}"
    "write `panel.operator = ${example};`"
else
  builtins.mapAttrs participant given
