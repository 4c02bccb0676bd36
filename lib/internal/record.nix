# One expert as it stands in the graph: plain data, its place told from where the graph's root lives.
{
  # Source of the graph's root and the folder of its flake in it.
  root,
  # Source → locked reference.
  lockedInputs,
  # Path of a `poag.lock` → why it is not read.
  unread,
}:
node:
let
  place = import ./location.nix node.src;
  isLocal = place.source == root.source;

  location =
    if isLocal then
      {
        kind = "local";
        inherit (place) dir;
      }
    else
      {
        kind = "locked";
        inherit (place) dir source;
        ref = lockedInputs.${place.source} or null;
      };

  # An expert that was declared for a folder without a flake is learned through the flake that declared it.
  hasHome = node.home or null != null;
  isGuest =
    isLocal
    && (
      if hasHome then
        toString node.home != toString node.src
      else
        !builtins.pathExists (node.src + "/flake.nix")
    );
  flakeDir =
    if isLocal && hasHome then
      (import ./location.nix node.home).dir
    else if isGuest then
      root.dir
    else
      place.dir;
  quoted =
    word:
    if builtins.match "[A-Za-z0-9_./#-]+" word != null then
      word
    else
      "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] word}'";
  learn = "nix run ${if flakeDir == "" then ".#poag" else quoted "./${flakeDir}#poag"} -- learn${
    if isGuest then " ${node.name}" else ""
  }";
  folder = dir: file: if dir == "" then file else "${dir}/${file}";

  found = import ./freshness.nix {
    inherit (node) name declaration;
    lock = import ./lockFile.nix {
      inherit unread;
      context = "poag: the poag.lock of the expert '${node.name}' cannot be read\nrepair: ${learn}";
    } node;
    files = node.knowledge.digests;
    recordedFile = node.knowledge.recorded;
    contracts = builtins.mapAttrs (
      _: neighbor:
      builtins.listToAttrs (
        map (contract: {
          name = contract;
          value = neighbor.node.provides.${contract}.hash;
        }) neighbor.contracts
      )
    ) node.neighbors;
    inherit learn;
    add = "git add ${quoted (folder place.dir "poag.lock")}";
  };
  freshness = removeAttrs found [ "learned" ];
in
{
  inherit (node)
    name
    role
    prompt
    provides
    agent
    capabilities
    checks
    declaration
    identity
    ;
  inherit location freshness;
  # None where a neighbour's poag is older.
  council = node.council or { };
  exports = node.exports or { };
}
# None as a rule: only the one counts that is asked.
// (if node.work or { } == { } then { } else { inherit (node) work; })
// {
  knowledge =
    node.settings
    // {
      path = builtins.unsafeDiscardStringContext node.knowledge.path;
    }
    // (if found.learned == null then { } else { inherit (found) learned; })
    // (
      let
        flakes = node.knowledge.flakes or [ ];
      in
      if flakes == [ ] then { } else { inherit flakes; }
    )
    # A neighbour's poag may be older and follow no links.
    // (
      if node.knowledge.linked or null == null then
        { }
      else
        {
          linked = node.knowledge.linked // {
            path = builtins.unsafeDiscardStringContext node.knowledge.linked.path;
          };
        }
    );
  neighbors = builtins.mapAttrs (_: neighbor: { inherit (neighbor) needs contracts; }) node.neighbors;
}
# Most flakes declare none, and a neighbour's poag may be older.
// (if node.panel or { } == { } then { } else { inherit (node) panel; })
// (
  if builtins.all (setting: setting == null) (builtins.attrValues (node.quota or { })) then
    { }
  else
    { inherit (node) quota; }
)
