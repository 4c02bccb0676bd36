# What a declaration may hold, as fields.toml has it: the fields of an expert, those that only a whole flake has, and those
# of each set inside; of each, `names` in order, and `types` and `means` by name.
let
  table = builtins.fromTOML (builtins.readFile ./fields.toml);
  all = table.expert ++ table.flake;

  # Those of `fields` that have `property`, by name.
  by =
    property: fields:
    builtins.listToAttrs (
      map (field: {
        inherit (field) name;
        value = field.${property};
      }) (builtins.filter (field: field ? ${property}) fields)
    );

  set = fields: {
    names = map (field: field.name) fields;
    types = by "type" fields;
    means = by "means" fields;
  };

  # The fields right below the set that `path` names.
  below =
    path:
    set (
      builtins.concatMap (
        field:
        let
          found = builtins.match "${path}([A-Za-z]+)" field.name;
        in
        if found == null then [ ] else [ (field // { name = builtins.head found; }) ]
      ) table.expert
    );
in
{
  # Field → what stands for it, whether it may be left out all the same, and what it may be; a field of a set has its whole
  # path.
  defaults = by "default" all;
  optional = by "optional" all;
  values = by "values" all;

  expert = below "";
  flake = set table.flake;
  knowledge = below "knowledge\\.";
  contract = below "provides\\.<contract>\\.";
  neighbor = below "neighbors\\.<name>\\.";
  agent = below "agent\\.";
  council = below "council\\.";
  quota = below "quota\\.";
  panel = below "panel\\.<name>\\.";
  work = {
    top = below "work\\.";
    policy = below "work\\.policy\\.";
    autoLand = below "work\\.policy\\.autoLand\\.";
    budget = below "work\\.policy\\.budget\\.";
    actor = below "work\\.actors\\.<name>\\.";
    notice = below "work\\.notify\\.<name>\\.";
    milestone = below "work\\.milestones\\.";
  };
}
