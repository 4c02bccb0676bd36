# One declaration, checked and with its defaults filled in. Each field raises its own error when it is used; `valid` forces
# them all in order. Nothing here looks at another expert.
{
  extraFields ? [ ],
  # The experts of its flake; see family.nix.
  family,
}:
args:
let
  fail = import ./fail.nix;
  table = import ./fields.nix;
  field = file: import (./declaration + "/${file}.nix");

  fields = table.expert.names ++ extraFields;

  # A name for messages and output names even where the declared one is wrong.
  label = if builtins.isAttrs args && args ? name && isName args.name then args.name else null;
  inherit (import ./names.nix) isName;

  refusals = fail.forExpert label;

  isSet =
    builtins.isAttrs args
    || throw "poag: mkPoagExpert: it must be called with a set of fields, not ${fail.kind args}\nfix: write `mkPoagExpert { name = \"hello-py\"; src = ./.; role = \"…\"; }`";

  given = if isSet then args else { };

  # What every field's file gets: the checks, and what was declared.
  context = {
    inherit
      fail
      refusals
      label
      table
      family
      ;
    declared = given;
  };

  name = field "name" context;
  src = field "src" context;
  role =
    if !given ? role && family.isRoot && family.names != [ ] then
      "Owns what no other expert of this repository owns, and knows whom to ask."
    else
      field "text" context {
        field = "role";
        example = "Owns the Python package: its API, its wheel and its tests.";
      };
  prompt =
    if given.prompt or null == null then
      null
    else
      field "text" context {
        field = "prompt";
        example = "You are {{ expert.name }}. …";
      };
  knowledge = field "knowledge" context;
  provides = field "provides" context;
  neighbors = field "neighbors" context;
  agent = field "agent" context;
  council = field "council" context;
  quota = field "quota" context;
  panel = field "panel" context;
  work = field "work" context;
  words = field "words" context;
  capabilities = words "capabilities";
  checks = words "checks";
  exports = field "exports" context;
in
{
  inherit
    label
    refusals
    name
    src
    role
    prompt
    knowledge
    provides
    neighbors
    agent
    council
    quota
    panel
    work
    capabilities
    checks
    exports
    ;

  valid = refusals.all [
    isSet
    (builtins.isString name)
    (refusals.onlyKnown "" fields given)
    (builtins.seq src true)
    (builtins.isString role)
    (builtins.seq prompt true)
    (builtins.deepSeq knowledge true)
    (builtins.deepSeq provides true)
    # The neighbours' experts are looked at when the graph is built.
    (builtins.deepSeq (map (neighbor: neighbor.needs) (builtins.attrValues neighbors)) true)
    (builtins.deepSeq agent true)
    (builtins.deepSeq council true)
    (builtins.deepSeq quota true)
    (builtins.deepSeq panel true)
    (builtins.deepSeq work true)
    (builtins.deepSeq capabilities true)
    (builtins.deepSeq checks true)
    (builtins.deepSeq exports true)
  ];
}
