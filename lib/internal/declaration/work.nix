# The field `work`: how a change is carried out that is asked of this expert. What is left out is left to the runner.
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

  # A set of fields at a path, each with what the check of its type makes of it; null stands for one that is left out.
  set =
    {
      at,
      fields,
      example,
      checks ? { },
    }:
    value:
    if !builtins.isAttrs value then
      refuse at "it must be a set, not ${fail.kind value}" "write `${at} = ${example};`"
    else if !refusals.onlyKnown at fields.names value then
      { }
    else
      builtins.mapAttrs (
        name: given: (checks.${name} or kinds.${fields.types.${name}}) "${at}.${name}" given
      ) (removeAttrs value (builtins.filter (name: value.${name} == null) (builtins.attrNames value)));

  kinds = import ./limit.nix context // {
    switch =
      field: value:
      if builtins.isBool value then
        value
      else
        refuse field "it must be true or false, not ${fail.kind value}" "write `${field} = true;`";

    text =
      field: value:
      if !builtins.isString value then
        refuse field "it must be a string, not ${fail.kind value}" "put it in quotes"
      else if builtins.match "[[:space:]]*" value != null then
        refuse field "it is empty" "name one, or leave the field out"
      else
        builtins.unsafeDiscardStringContext value;

    "list of texts" =
      field: value:
      let
        example = "write a list of strings, such as `[ \"one\" \"two\" ]`";
        text =
          one:
          if !builtins.isString one then
            refuse field "it must be a list of strings, but one element is ${fail.kind one}" example
          else if builtins.match "[[:space:]]*" one != null then
            refuse field "one of its elements is empty" example
          else
            builtins.unsafeDiscardStringContext one;
      in
      if !builtins.isList value then
        refuse field "it must be a list of strings, not ${fail.kind value}" example
      else
        map text value;
  };

  # One of some words.
  choice =
    values: field: value:
    if builtins.elem (kinds.text field value) values then
      value
    else
      refuse field "there is no '${value}'${didYouMean values value}" "use one of: ${fail.names values}";

  # A whole number up to one that the runner takes.
  upTo =
    most: kind: field: value:
    if kinds.${kind} field value > most then
      refuse field "${toString value} is more than ${toString most}"
        "write ${toString most} or less, or leave the field out"
    else
      value;

  autoLand =
    at: value:
    if value == "never" then
      value
    else if builtins.isAttrs value then
      set {
        inherit at;
        fields = table.work.autoLand;
        example = "{ lines = 100; paths = [ \"docs/**\" ]; }";
        checks.trust = choice table.values."work.policy.autoLand.trust";
      } value
    else
      refuse at "it must be \"never\" or a set of conditions, not ${
        if builtins.isString value then "\"${value}\"" else fail.kind value
      }" "write `${at} = \"never\";` or `${at} = { lines = 100; paths = [ \"docs/**\" ]; };`";

  policy =
    at:
    set {
      inherit at;
      fields = table.work.policy;
      example = "{ approvals = 2; }";
      checks = {
        inherit autoLand;
        approvals = upTo 16 "countOrNone";
        parallel = upTo 64 "count";
        budget =
          at:
          set {
            inherit at;
            fields = table.work.budget;
            example = "{ usd = 5; }";
          };
      };
    };

  # Name → what a check makes of it.
  named =
    { what, example }:
    check: at: value:
    if !builtins.isAttrs value then
      refuse at "it must be a set of ${what}s, not ${fail.kind value}" "write `${at}.${example};`"
    else
      builtins.mapAttrs (
        name: one:
        if isName name then check "${at}.${name}" one else refuse at "'${name}' cannot be a name here" rule
      ) value;

  actor =
    at: value:
    let
      made = set {
        inherit at;
        fields = table.work.actor;
        example = "{ backend = \"codex\"; }";
        checks = {
          backend = choice table.values."work.actors.<name>.backend";
          capacity = upTo 64 "count";
        };
      } value;
    in
    if !made ? backend then
      refuse "${at}.backend" "it is missing" "write `${at}.backend = \"claude-code\";`"
    else if made.backend == "command" && made.command or [ ] == [ ] then
      refuse "${at}.command" "it is missing, and the backend 'command' starts it"
        "write the program and its arguments: `command = [ \"my-agent\" \"--json\" ];`"
    else
      made;

  notice =
    at: value:
    let
      made = set {
        inherit at;
        fields = table.work.notice;
        example = "{ url = \"https://example.org/hook\"; secretEnv = \"POAG_HOOK_SECRET\"; }";
        checks.on =
          at: value: map (choice table.values."work.notify.<name>.on" at) (kinds."list of texts" at value);
      } value;
    in
    if made ? url == made ? command then
      refuse at "it must have one of url and command"
        "write `${at} = { url = \"https://…\"; secretEnv = \"POAG_HOOK_SECRET\"; };` or `${at}.command = [ \"notify-send\" ];`"
    else if made.command or null == [ ] then
      refuse "${at}.command" "it is empty"
        "write the program and its arguments: `command = [ \"my-mailer\" ];`"
    else if made ? url && builtins.match "https?://[^[:space:]]+" made.url == null then
      refuse "${at}.url" "'${made.url}' is no address of a webhook" "write one that begins with https://"
    else if made ? url && builtins.match "[A-Za-z_][A-Za-z0-9_]*" (made.secretEnv or "") == null then
      refuse "${at}.secretEnv" "it must name the environment variable that holds the secret"
        "write `secretEnv = \"POAG_HOOK_SECRET\";`: the secret itself would be readable in the Nix store"
    else
      made;

  milestones =
    at: value:
    let
      example = "write `${at} = [ { name = \"poc\"; checks = [ \"nix flake check\" ]; } ];`";
      gate =
        one:
        let
          made = set {
            inherit at;
            fields = table.work.milestone;
            example = "[ { name = \"poc\"; checks = [ \"nix flake check\" ]; } ]";
          } one;
        in
        if !made ? name then
          refuse "${at}.name" "it is missing" example
        else if !isName made.name then
          refuse "${at}.name" "'${made.name}' cannot be the name of a milestone" rule
        else if made.checks or [ ] == [ ] && !made.nod or false then
          refuse at "'${made.name}' has neither checks nor a nod, so that it would always be open"
            "write `checks = [ \"nix flake check\" ];` or `nod = true;`"
        else
          made;
      gates = map gate value;
      twice = builtins.filter (
        gate: builtins.length (builtins.filter (one: one.name == gate.name) gates) > 1
      ) gates;
    in
    if !builtins.isList value then
      refuse at "it must be a list of sets, not ${fail.kind value}" example
    else if twice != [ ] then
      refuse at "two are called '${(builtins.head twice).name}'" "give each a name of its own"
    else
      gates;
in
set {
  at = "work";
  fields = table.work.top;
  example = "{ policy.approvals = 2; }";
  checks = {
    inherit policy;
    actors = named {
      what = "actor";
      example = "me = { backend = \"codex\"; }";
    } actor;
    notify = named {
      what = "recipient";
      example = "me.command = [ \"notify-send\" ]";
    } notice;
    inherit milestones;
  };
} (declared.work or { })
