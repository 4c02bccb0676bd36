{ expert, workspace, ... }:
let
  inherit (workspace { }) poag;
  graph = expert {
    neighbors.core = {
      expert = poag;
      needs.api = "prices";
    };
  };
in
{
  inherit (graph.experts.hello-py) neighbors;
  experts = builtins.attrNames graph.experts;
}
