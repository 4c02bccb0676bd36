{
  internal,
  mkApp,
  mkExportCheck,
  mkFreshnessCheck,
  mkPack,
  supports,
}:
/**
  Gives a flake everything poag: its expert, the check that the expert is fresh, and the command line.

  # Inputs

  Every field of `mkPoagExpert`, and the optional `experts`, `inputs`, `output`, `outputs`, `perSystem` and `systems`; see `internal/fields.toml` and the
  reference in the book. With `output = "lib.poag"` consumers write `expert = x.lib.poag;` (NixOS/nix#6381).

  # Output

  `outputs` with `poag`, `checks.<system>.poag-<name>`, `apps.<system>.poag` and `legacyPackages.<system>.poag-pack` (see
  `mkPack`) added, and `checks.<system>.poag-<name>-exports` (see `mkExportCheck`) where `exports` are declared. Each of
  `experts` has such checks, too, and its pack is `legacyPackages.<system>.poag-pack-<name>`. An output of `outputs` that is in
  their way is an error.

  On a system that poag is not built for, the checks that the experts are fresh are all that is added.

  Where poag itself is a relative input (`path:../..`), as in its own repository, the flake spells out the names that it
  takes: `outputs = inputs: { inherit (inputs.poag.lib.mkPoagFlake { … }) poag checks apps legacyPackages; };`. Nix 2.26 looks at the names
  of a flake's outputs before it can find its relative inputs.

  # Example

  ```nix
  outputs = { self, poag }: poag.lib.mkPoagFlake {
    name = "hello-py";
    src = ./.;
    role = "Owns the Python package: its API, its wheel and its tests.";
    perSystem = system: { packages.default = …; };
  };
  ```
*/
declaration:
let
  inherit (internal) fail;

  inherit (internal) fields;
  poag = internal.expert { extraFields = fields.flake.names; } declaration;
  node = poag._node null;
  inherit (node) label;
  refusals = fail.forExpert label;
  inherit (refusals) refuse;

  given = if builtins.isAttrs declaration then declaration else { };

  declared =
    let
      value = given.outputs or { };
    in
    if builtins.isAttrs value then
      value
    else
      refuse "outputs" "it must be a set of flake outputs, not ${fail.kind value}"
        "write `outputs = { packages = …; };`";

  perSystem =
    system:
    let
      value = given.perSystem or (_: { });
      made = value system;
    in
    if !builtins.isFunction value then
      refuse "perSystem" "it must be a function of a system, not ${fail.kind value}"
        "write `perSystem = system: { packages = …; };`"
    else if !builtins.isAttrs made then
      refuse "perSystem" "it must give a set of flake outputs, not ${fail.kind made}"
        "write `perSystem = system: { packages = …; };`"
    else
      made;

  # Output → system → what `perSystem` gives there.
  ofSystems = builtins.foldl' (
    all: system:
    all
    // builtins.mapAttrs (output: value: all.${output} or { } // { ${system} = value; }) (
      perSystem system
    )
  ) { } systems;

  outputs =
    let
      twice = builtins.attrNames (builtins.intersectAttrs ofSystems declared);
    in
    if twice != [ ] then
      refuse "perSystem" "`outputs` has ${builtins.head twice}, too" "write it in one of the two"
    else
      declared // ofSystems;

  output =
    let
      value = given.output or fields.defaults.output;
    in
    if builtins.elem value fields.values.output then
      value
    else
      refuse "output" "it must be \"poag\" or \"lib.poag\""
        "leave it out, or write `output = \"lib.poag\";`";

  # The expert under the name that was chosen.
  named =
    if output == "poag" then
      { inherit poag; }
    else if outputs ? lib.poag then
      refuse "outputs.lib.poag" "poag makes this output itself" "give yours another name"
    else
      {
        lib = outputs.lib or { } // {
          inherit poag;
        };
      };

  systems =
    let
      value = given.systems or fields.defaults.systems;
    in
    if builtins.isList value && builtins.all builtins.isString value then
      value
    else
      refuse "systems" "it must be a list of strings" "write `systems = [ \"x86_64-linux\" ];`";

  check = if label == null then "poag" else "poag-${label}";

  # The others that are declared here: name → what is made of them is made of this.
  members = builtins.mapAttrs (name: _: poag // { only = name; }) (poag._members null);
  hasExports = node: node.exports != { };

  # Output → name → what makes it for a system: for the flake's own expert, then for the others.
  freshnessChecks = {
    ${check} = _: mkFreshnessCheck poag;
  }
  // renamed (name: "poag-${name}") (
    _: member: _:
    mkFreshnessCheck member
  ) members;
  exportChecks =
    (
      if (given.exports or { }) != { } then
        { "${check}-exports" = system: mkExportCheck system poag; }
      else
        { }
    )
    //
      renamed (name: "poag-${name}-exports")
        (
          _: member: system:
          mkExportCheck system member
        )
        (
          builtins.intersectAttrs (builtins.listToAttrs (
            map (name: {
              inherit name;
              value = null;
            }) (builtins.filter (name: hasExports (poag._members null).${name}) (builtins.attrNames members))
          )) members
        );
  packs = {
    # Not among the packages, all of which `nix flake check` would instantiate.
    poag-pack = system: mkPack system poag;
  }
  // renamed (name: "poag-pack-${name}") (
    _: member: system:
    mkPack system member
  ) members;
  renamed =
    rename: make: set:
    builtins.listToAttrs (
      map (name: {
        name = rename name;
        value = make name set.${name};
      }) (builtins.attrNames set)
    );

  # Only where there is a poag to build with.
  built =
    system: values:
    if supports system then
      values
    else
      builtins.trace
        "poag: there is no poag for ${system}: the app, the pack and the checks of exported files are left out"
        { };

  # Output → system → name, with names of poag's added in each system; the user's other systems stay.
  add =
    output: valuesOf:
    let
      theirs = outputs.${output} or { };
      field = "outputs.${output}";
      added =
        system:
        let
          existing = theirs.${system} or { };
          values = valuesOf system;
          twice = builtins.attrNames (builtins.intersectAttrs values existing);
        in
        if twice != [ ] then
          refuse "${field}.${system}.${builtins.head twice}" "poag makes this output itself"
            "give yours another name"
        else
          existing // builtins.mapAttrs (_: value: value system) values;
    in
    if builtins.isAttrs theirs then
      theirs
      // builtins.listToAttrs (
        map (system: {
          name = system;
          value = added system;
        }) systems
      )
    else
      refuse field "it must be a set of systems, not ${fail.kind theirs}"
        "write `${field}.x86_64-linux = { … };`";

  app = system: {
    type = "app";
    program = "${
      mkApp system {
        inherit (internal.location (if node.home == null then node.src else node.home)) dir;
        expert = node.name;
      }
    }/bin/poag";
    meta.description = "Ask the expert of this flake, and keep it fresh";
  };
in
if outputs ? poag then
  refuse "outputs.poag" "poag makes this output itself"
    "take it out: the expert is declared by the other fields"
else
  outputs
  // named
  // {
    checks = add "checks" (system: freshnessChecks // built system exportChecks);
    apps = add "apps" (system: built system { poag = app; });
    legacyPackages = add "legacyPackages" (system: built system packs);
  }
