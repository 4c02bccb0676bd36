# The field `agent`: how the expert thinks and how far it may go. Null leaves a choice to the runner.
context@{
  fail,
  refusals,
  table,
  # Where it stands and what is given, where that is not the field itself: see panel.nix.
  agentOf ? {
    place = "agent";
    given = context.declared.agent or { };
  },
  ...
}:
let
  inherit (refusals) refuse;
  didYouMean = import ../didYouMean.nix;

  backends = table.values."agent.backend";
  settings = import ./settings.nix context {
    field = "agent";
    example = "{ backend = \"librarian\"; }";
    inherit (agentOf) place given;
  };

  text =
    field: value:
    if builtins.isString value && value != "" then
      value
    else if value == "" then
      refuse field "it is empty" "name one, or leave the field out"
    else
      refuse field "it must be a string, not ${fail.kind value}" "put it in quotes";

  command =
    field: value:
    if builtins.isList value && value != [ ] && builtins.all builtins.isString value then
      value
    else if value == [ ] then
      refuse field "it is empty"
        "write the program and its arguments: `command = [ \"my-agent\" \"--json\" ];`"
    else if builtins.isList value then
      refuse field "it must be a list of strings"
        "write the program and its arguments: `command = [ \"my-agent\" \"--json\" ];`"
    else
      refuse field "it must be a list of strings, not ${fail.kind value}"
        "write the program and its arguments: `command = [ \"my-agent\" \"--json\" ];`";

  backend =
    field: value:
    if !builtins.elem (text field value) backends then
      refuse field "there is no backend '${value}'${didYouMean backends value}"
        "use one of: ${fail.names backends}"
    else if value == "command" && settings.checked.command or null == null then
      refuse "${agentOf.place}.command" "it is missing, and the backend 'command' starts it"
        "write the program and its arguments: `command = [ \"my-agent\" \"--json\" ];`"
    else
      value;

  apis = table.values."agent.api";
  api =
    field: value:
    if builtins.elem (text field value) apis then
      value
    else
      refuse field "there is no API '${value}'${didYouMean apis value}" "use one of: ${fail.names apis}";
in
settings.all (
  import ./limit.nix context
  // {
    inherit text;
    choice = field: if field == "${agentOf.place}.api" then api field else backend field;
    "list of texts" = command;
  }
)
