# The experts that one flake declares: its own, which is the root, and those under `experts`. Each knows the others by name,
# and where their folders are; nothing of it is looked at before it is needed.
# `extra` is what node.nix is told of the declaration of the root alone.
extra: declaration:
let
  fail = import ./fail.nix;
  didYouMean = import ./didYouMean.nix;
  call = import ./call.nix;
  inherit (import ./names.nix) isName rule;

  given = if builtins.isAttrs declaration then declaration else { };
  rootName = if given ? name && isName given.name then given.name else null;
  inherit (fail.forExpert rootName) refuse;
  example = "write `experts.core = { src = ./core; role = \"…\"; };`";

  # A file, a function of the inputs that a file holds, or the set itself.
  declared =
    let
      value = call (given.inputs or { }) given.experts;
    in
    if !given ? experts then
      { }
    else if !builtins.isAttrs value || value ? type && value.type == "derivation" then
      refuse "experts" "it must be a set of experts, not ${fail.kind value}" example
    else
      value;
  names = builtins.attrNames declared;

  # What is declared under a name, with that name.
  one =
    name:
    let
      value = declared.${name};
      field = "experts.${name}";
    in
    if !isName name then
      refuse "experts" "'${name}' cannot be an expert's name" rule
    else if name == rootName then
      refuse field "the flake's own expert has this name" "give one of the two another name"
    else if builtins.isAttrs value && value ? schema && value ? root then
      refuse field "it is an expert already, and here its fields are written" example
    else if !builtins.isAttrs value then
      refuse field "it must be a set, not ${fail.kind value}" example
    else if value ? experts then
      refuse "${field}.experts" "an expert under `experts` has none itself"
        "move them up: `experts.<name> = { src = …; };`, which may lie in its folder"
    else if value.name or name != name then
      refuse "${field}.name" "'${toString value.name}' is not the name under which it stands"
        "leave `name` out, or write `experts.${toString value.name} = { … };`"
    else
      value // { inherit name; };

  members = builtins.mapAttrs (
    name: _:
    import ./node.nix {
      family = family // {
        isRoot = false;
      };
    } (one name)
  ) declared;
  root = import ./node.nix (
    extra
    // {
      family = family // {
        isRoot = true;
      };
    }
  ) declaration;

  # Names of the neighbours of this flake that a declaration names.
  edges =
    value:
    let
      neighbors = if builtins.isAttrs value then value.neighbors or { } else { };
    in
    builtins.filter (name: declared ? ${name} || name == rootName) (
      if builtins.isAttrs neighbors then
        builtins.filter (name: !(builtins.isAttrs neighbors.${name} && neighbors.${name} ? expert)) (
          builtins.attrNames neighbors
        )
      else
        [ ]
    );
  out = builtins.mapAttrs (_: edges) declared;
  into = builtins.groupBy (edge: edge.to) (
    builtins.concatMap (from: map (to: { inherit from to; }) out.${from}) names
  );
  closure =
    next: start:
    builtins.listToAttrs (
      map
        ({ key }: {
          name = key;
          value = null;
        })
        (
          builtins.genericClosure {
            startSet = map (key: { inherit key; }) start;
            operator = { key }: map (key: { inherit key; }) (next key);
          }
        )
    );
  reached = closure (name: out.${name} or [ ]) (edges given);
  leading =
    if rootName == null then
      { }
    else
      closure (name: map (edge: edge.from) (into.${name} or [ ])) [ rootName ];

  family = {
    inherit names;

    # Whom the root asks although its declaration names no way to them; who depends on the root is not among them.
    implicit = builtins.filter (name: !(reached ? ${name} || leading ? ${name})) names;

    # The node of that name, or null.
    node = name: if name == root.name then root else members.${name} or null;
    suggest = didYouMean (names ++ (if rootName == null then [ ] else [ rootName ]));

    # Folder → who has it.
    folders =
      if names == [ ] then
        { }
      else
        builtins.listToAttrs (
          map
            (node: {
              name = toString node.src;
              value = node.name;
            })
            # Of two with one folder the first counts; the second says so.
            ([ root ] ++ builtins.attrValues members)
        );

    declaredIn = if builtins.isPath (given.experts or null) then given.experts else null;

    # The folder that all of them lie in, and through whose flake they are learned.
    home = root.src;
  };
in
{
  inherit root members;
}
