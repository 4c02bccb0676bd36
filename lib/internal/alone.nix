# An expert with what its pack is made of, as poag reads it where there is no nix: its own files, and of its neighbours
# only the contracts on its edges with the files that they name. So nothing else of theirs makes it anew.
#
# `graph` is a file in the store, `sources` are the store paths that it speaks of.
expert:
let
  patterns = import ./patterns.nix;
  node = if expert ? only then (expert._members null).${expert.only} else expert._node null;
  record = expert.experts.${node.name};

  # Whether a path of a provider belongs to what these contracts promise, or lies above it.
  promisedBy =
    provider: contracts:
    let
      files = builtins.concatMap (contract: provider.provides.${contract}.files) contracts;
    in
    path:
    builtins.any (
      file: patterns.below (patterns.normalize file) path || patterns.below path (patterns.normalize file)
    ) files;

  # As `knowledge.path`, but only the promised files of these contracts.
  promised =
    provider: contracts:
    let
      prefix = builtins.stringLength (toString provider.src) + 1;
      holds = promisedBy provider contracts;
    in
    builtins.path {
      name = "${provider.name}-contracts";
      path = provider.src;
      filter =
        path: _:
        let
          inner = builtins.substring prefix (-1) path;
        in
        provider.knowledge.entries ? ${inner} && holds inner;
    };

  # What of it is reached through links; a provider's poag may be older and follow none.
  linked =
    provider: contracts:
    let
      found = provider.knowledge.linkedOf (promisedBy provider contracts);
    in
    if provider.knowledge ? linkedOf && found != null then { linked = found; } else { };

  # What a pack does not tell of does not make it anew either.
  fresh = {
    status = "fresh";
  };
  own =
    removeAttrs record [
      "panel"
      "quota"
      "work"
    ]
    // {
      agent = { };
      council = { };
      freshness = fresh;
      knowledge =
        record.knowledge
        // {
          inherit (node.knowledge) path;
        }
        // (if node.knowledge.linked == null then { } else { inherit (node.knowledge) linked; });
    };
  neighbor =
    name:
    let
      inherit (node.neighbors.${name}) contracts;
      provider = node.neighbors.${name}.node;
    in
    {
      inherit name;
      role = "";
      prompt = null;
      provides = builtins.intersectAttrs (builtins.listToAttrs (
        map (contract: {
          name = contract;
          value = null;
        }) contracts
      )) provider.provides;
      neighbors = { };
      knowledge = {
        path = promised provider contracts;
        include = [ ];
        exclude = [ ];
        maxTokens = 0;
      }
      // linked provider contracts;
      location = {
        kind = "local";
        dir = "";
      };
      identity = "";
      declaration = { };
      freshness = fresh;
    };

  experts = builtins.mapAttrs (name: _: neighbor name) node.neighbors // {
    ${node.name} = own;
  };
  graph = {
    inherit (expert) schema;
    root = node.name;
    inherit experts;
  };
in
{
  inherit node;
  inherit (node) name;
  sources = builtins.concatMap (
    name:
    let
      inherit (experts.${name}) knowledge;
    in
    [ knowledge.path ] ++ (if knowledge ? linked then [ knowledge.linked.path ] else [ ])
  ) (builtins.attrNames experts);
  graph = builtins.toFile "poag-graph.json" (
    builtins.unsafeDiscardStringContext (builtins.toJSON graph)
  );
}
