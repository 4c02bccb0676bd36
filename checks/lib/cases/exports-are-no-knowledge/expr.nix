# So writing one makes nobody stale, and none is made of itself.
{ expert, ... }:
let
  plain = expert { };
  exporting = expert {
    exports = {
      "AGENTS.md" = "agents-md";
      "docs/llms.txt" = "llms-txt";
      "role.md" = "agents-md";
    };
  };
  record = graph: graph.experts.hello-py;
  known = graph: (graph._node null).knowledge.files;
in
{
  inherit (record exporting) exports;
  gone = builtins.attrNames (removeAttrs (known plain) (builtins.attrNames (known exporting)));
  sameDeclaration = (record plain).declaration == (record exporting).declaration;
}
