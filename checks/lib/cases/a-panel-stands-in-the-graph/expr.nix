{ expert, ... }:
let
  graph = expert {
    panel = {
      ops = {
        backend = "claude-code";
        model = "opus";
        role = "Cares for those who run it.";
        capabilities = [ "design" ];
      };
      me = {
        backend = "command";
        command = [
          "me"
          "--say"
        ];
        expert = "hello-rs";
      };
    };
  };
  said = graph.experts.hello-py.panel;
in
{
  ops = {
    inherit (said.ops) role capabilities expert;
    inherit (said.ops.agent) backend model command;
  };
  me = {
    inherit (said.me) role capabilities expert;
    inherit (said.me.agent) backend model command;
  };
  # Who takes part in debates changes nothing of what an expert is.
  sameExpert = graph.experts.hello-py.identity == (expert { }).experts.hello-py.identity;
  leftOut = (expert { }).experts.hello-py ? panel;
}
