# The graph reachable from one expert: name → record, each expert once, at a cost that grows with experts and edges.
#
# Neighbours are followed from node to node, never from graph to graph: a graph inside a graph would be built once per
# path, and a cycle would be Nix's infinite recursion instead of our error.
{
  # Path of a `poag.lock` → why it is not read.
  unread ? { },
}:
rootNode:
let
  location = import ./location.nix;
  root = location rootNode.src;

  item = node: {
    key = builtins.seq node.valid node.key;
    inherit node;
  };

  # The same expert comes once per source that it was fetched in.
  instances = map (found: found.node) (
    builtins.genericClosure {
      startSet = [ (item rootNode) ];
      operator =
        { node, ... }:
        map (neighbor: item neighbor.node) (builtins.attrValues node.neighbors)
        # All that a flake declares; a neighbour's poag may be older and declare one.
        ++ map item (builtins.attrValues (node.members or { }));
    }
  );

  experts = builtins.mapAttrs one (builtins.groupBy (node: node.name) instances);

  # What instances must agree on although no lock records it. A neighbour's poag may be older and know fewer settings.
  settings =
    node:
    builtins.mapAttrs
      (
        _: given:
        removeAttrs given (builtins.filter (setting: given.${setting} == null) (builtins.attrNames given))
      )
      {
        inherit (node) agent;
        council = node.council or { };
        quota = node.quota or { };
        panel = node.panel or { };
      };

  # Of equal instances the one in the root's own repository counts: there it can be changed.
  one =
    name: group:
    let
      first = builtins.head group;
      others = builtins.filter (
        node: node.identity != first.identity || settings node != settings first
      ) group;
      local = builtins.filter (node: (location node.src).source == root.source) group;
    in
    if builtins.tail group == [ ] then
      first
    else if others != [ ] then
      conflict name first (builtins.head others)
    else if local != [ ] then
      builtins.head local
    else
      first;

  conflict =
    name: first: second:
    let
      consumers = builtins.attrNames (
        builtins.listToAttrs (
          map (node: {
            inherit (node) name;
            value = null;
          }) (builtins.filter (node: node.neighbors ? ${name}) instances)
        )
      );
      differs = field: first.declaration.${field} or null != second.declaration.${field} or null;
      fields =
        builtins.filter differs (builtins.attrNames (first.declaration // second.declaration))
        ++ builtins.filter (field: (settings first).${field} != (settings second).${field}) [
          "agent"
          "council"
          "quota"
          "panel"
        ];
      what = if fields != [ ] then builtins.concatStringsSep ", " fields else "files";
    in
    rootNode.refusals.refuse "neighbors"
      "two different experts are called '${name}' (neighbor of ${builtins.concatStringsSep ", " consumers}); they differ in: ${what}"
      "let the inputs agree on one: `inputs.<consumer>.inputs.${name}.follows = \"${name}\";`, or rename one of them";

  total = builtins.length (builtins.attrNames experts);

  # Who more than one expert depends on, as an addition to `done`: nobody else is come by twice.
  again =
    builtins.mapAttrs (name: edges: if builtins.tail edges == [ ] then { } else { ${name} = null; })
      (
        builtins.groupBy (name: name) (
          builtins.concatMap (expert: builtins.attrNames expert.neighbors) (builtins.attrValues experts)
        )
      );

  # Depth first along the edges; `done` is what is known to lead into no cycle. A way of more steps than there are experts
  # has come back to one of them: until then nobody is looked for on it.
  visit =
    way: done: name:
    let
      here = {
        inherit name way;
        key = way.key + 1;
      };
    in
    if done ? ${name} then
      done
    else if way.key > total then
      cycle here
    else
      builtins.foldl' (visit here) done (builtins.attrNames experts.${name}.neighbors)
      // again.${name} or { };

  start.key = 0;

  cycle =
    way:
    let
      steps = builtins.genericClosure {
        startSet = [ way ];
        operator = step: if step.way.key == 0 then [ ] else [ step.way ];
      };
      path = builtins.foldl' (path: step: [ step.name ] ++ path) [ ] steps;
      # Up to the first who was there before, and from where that one was.
      closed =
        seen: left:
        let
          name = builtins.head left;
        in
        if builtins.elem name seen then
          seen ++ [ name ]
        else
          closed (seen ++ [ name ]) (builtins.tail left);
      from = names: if builtins.head names == last then names else from (builtins.tail names);
      round = closed [ ] path;
      last = builtins.elemAt round (builtins.length round - 1);
      names = from round;
    in
    experts.${last}.refusals.refuse "neighbors.${builtins.elemAt names 1}"
      "the experts form a cycle: ${builtins.concatStringsSep " → " names}"
      "take one of these edges away, or move what both sides need to a flake of its own";

  isAcyclic = builtins.seq (visit start { } rootNode.name) true;

  record = import ./record.nix {
    inherit root unread;
    lockedInputs = import ./lockedInputs.nix rootNode.src;
  };
in
{
  experts = if isAcyclic then builtins.mapAttrs (_: record) experts else { };

  # Where the locks lie that a graph is made from, none of which is read for this.
  locks = {
    inherit (root) source;
    files = map (node: toString (node.src + "/poag.lock")) (builtins.attrValues experts);
  };
}
