{
  lib,
  expert,
  hello-rs,
  ...
}:
let
  consumer = expert {
    agent.backend = "codex";
    neighbors.hello-rs = {
      expert = hello-rs;
      needs.hello = "the text";
    };
  };
  pack = lib.mkPack "x86_64-linux" consumer;
  graph = builtins.fromJSON (builtins.readFile (builtins.elemAt pack.args 3));
  provider = graph.experts.hello-rs;
  # Without the hash in front of it.
  named = path: builtins.substring 44 (-1) (builtins.unsafeDiscardStringContext path);
in
{
  inherit (pack) name system;
  words = builtins.genList (at: if at == 3 then "GRAPH" else builtins.elemAt pack.args at) 5;
  expert = builtins.elemAt pack.args 6;
  sources = map named pack.sources;
  own = {
    inherit (graph.experts.hello-py) role agent freshness;
    location = graph.experts.hello-py.location.kind;
  };
  theirs = {
    inherit (provider) role neighbors;
    provides = builtins.attrNames provider.provides;
    files = builtins.attrNames (builtins.readDir provider.knowledge.path);
  };
  isUsed = builtins.hasContext (builtins.head pack.sources);
}
