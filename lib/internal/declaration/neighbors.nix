# The field `neighbors`: the providers this expert depends on, and what it needs from each. Whether a provider keeps the
# contract is looked at only when `node` is used, so that a declaration never waits for its neighbours.
{
  fail,
  refusals,
  declared,
  label,
  table,
  family,
}:
let
  inherit (refusals) refuse;
  inherit (import ../names.nix) isName rule;
  didYouMean = import ../didYouMean.nix;
  schema = import ../schema.nix;

  given = declared.neighbors or { };

  isExpert = value: builtins.isAttrs value && value ? schema && value ? root && value ? experts;
  isFlake =
    value:
    builtins.isAttrs value && (value._type or null == "flake" || value ? outputs && value ? inputs);

  # What to write in place of something that is no expert.
  expertFix =
    name: value:
    if isFlake value && !value ? poag then
      "give it one here: `expert = poag.lib.mkPoagExpert { name = \"${name}\"; src = ${name}; role = \"…\"; };`"
    else
      "write `neighbors.${name} = { expert = ${name}.poag; };`";

  expertNode =
    field: name: value:
    if isFlake value then
      refuse field "it is a flake, not its expert" (expertFix name value)
    else if !isExpert value then
      refuse field "it is no poag expert, but ${
        if value ? type && value.type == "derivation" then "a derivation" else fail.kind value
      }" (expertFix name value)
    else if value.schema != schema || !value ? _node then
      refuse field
        "it was made by another version of poag: its graph is '${toString value.schema}', this one is '${schema}'"
        "let both use the same poag: `inputs.${name}.inputs.poag.follows = \"poag\";`"
    else
      let
        node = value._node null;
        # A neighbour's poag may be older and declare one.
        members = if value ? _members then value._members null else { };
      in
      if members ? ${name} then
        members.${name}
      else if node.name != name then
        refuse "neighbors.${name}" "this expert is called '${node.name}'"
          "write `neighbors.${node.name} = { expert = …; };`"
      else
        node;

  checkedNeeds =
    field: needs:
    if !builtins.isAttrs needs then
      refuse field "it must be a set of contracts, not ${fail.kind needs}"
        "write `needs.hello = \"what it is needed for\";`"
    else
      builtins.mapAttrs (
        contract: text:
        if !isName contract then
          refuse field "'${contract}' cannot be a contract's name" rule
        else if !builtins.isString text then
          refuse "${field}.${contract}" "it must be a string, not ${fail.kind text}"
            "say what it is needed for: `${contract} = \"the greeting text itself\";`"
        else
          builtins.unsafeDiscardStringContext text
      ) needs;

  neighbor =
    name: value:
    let
      field = "neighbors.${name}";

      checked =
        if name == label then
          refuse field "an expert cannot be its own neighbor" "remove it"
        else if isExpert value || isFlake value then
          refuse field "it must be a set with the field 'expert', not the expert itself" (
            expertFix name value
          )
        else if !builtins.isAttrs value then
          refuse field "it must be a set, not ${fail.kind value}"
            "write `${field} = { expert = ${name}.poag; };`"
        else if !refusals.onlyKnown field table.neighbor.names value then
          { }
        else if !value ? expert && local == null then
          if family.names == [ ] then
            refuse "${field}.expert" "it is missing" "write `${field} = { expert = ${name}.poag; };`"
          else
            refuse field "this flake declares no expert '${name}'${family.suggest name}"
              "name one of: ${fail.names family.names}; or write `${field} = { expert = ${name}.poag; };` for one of another flake"
        else
          value;
      # Of the same flake, where it is only named.
      local = if builtins.isAttrs value && !value ? expert then family.node name else null;

      needs = checkedNeeds "${field}.needs" (checked.needs or { });
      node =
        if checked ? expert then
          expertNode "${field}.expert" name checked.expert
        else
          builtins.seq checked local;
      provided = builtins.attrNames node.provides;
    in
    {
      inherit needs node;

      # The contracts this edge depends on: those needed, or everything provided when none is named.
      contracts =
        if needs == { } then
          provided
        else
          map (
            contract:
            if builtins.elem contract provided then
              contract
            else
              refuse "${field}.needs.${contract}"
                "${name} provides no contract '${contract}'${didYouMean provided contract}"
                (
                  if provided == [ ] then
                    "declare it in ${name}: `provides.${contract} = { summary = \"…\"; };`"
                  else
                    "need one of: ${fail.names provided}; or declare `provides.${contract}` in ${name}"
                )
          ) (builtins.attrNames needs);
    };
in
if !builtins.isAttrs given then
  refuse "neighbors" "it must be a set, not ${fail.kind given}"
    "write `neighbors.hello-rs = { expert = hello-rs.poag; needs.hello = \"what for\"; };`"
else
  builtins.mapAttrs neighbor (
    (
      if family.isRoot then
        builtins.listToAttrs (
          map (name: {
            inherit name;
            value = { };
          }) family.implicit
        )
      else
        { }
    )
    // given
  )
