# The field `name`: unique in the graph.
{
  fail,
  refusals,
  declared,
  ...
}:
let
  inherit (import ../names.nix) isName rule;
  inherit (refusals) refuse;
in
if !declared ? name then
  refuse "name" "it is missing"
    "add `name = \"hello-py\";` with a name that no other expert of the graph has"
else if !builtins.isString declared.name then
  refuse "name" "it must be a string, not ${fail.kind declared.name}" "write `name = \"hello-py\";`"
else if !isName declared.name then
  refuse "name" "'${declared.name}' cannot be a name" rule
else
  declared.name
