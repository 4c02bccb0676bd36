{ expert, ... }:
let
  work = {
    policy = {
      approvals = 1;
      autoLand = {
        lines = 40;
        paths = [ "docs/**" ];
        costUsd = 1;
        trust = "verified";
        contracts = false;
      };
      budget = {
        usd = 5;
        taskSeconds = 600;
      };
      tools = [ "cargo test" ];
      parallel = 2;
      bids = true;
    };
    actors.quick = {
      backend = "claude-code";
      model = "haiku";
      skills = [ "docs" ];
      experts = [ "hello-py" ];
    };
    actors.own = {
      backend = "command";
      command = [ "my-agent" ];
      capacity = 2;
      contextTokens = null;
    };
    notify.me = {
      command = [ "notify-send" ];
      on = [
        "done"
        "needs-you"
      ];
    };
    milestones = [
      {
        name = "poc";
        checks = [ "nix flake check" ];
      }
      {
        name = "release";
        nod = true;
      }
    ];
  };
  declared = expert { inherit work; };
in
{
  inherit (declared.experts.hello-py) work;
  # It is no part of what was learned.
  same = declared.experts.hello-py.identity == (expert { }).experts.hello-py.identity;
  never = (expert { work.policy.autoLand = "never"; }).experts.hello-py.work;
  none = (expert { }).experts.hello-py ? work;
}
