# The field `council`: how far a discussion may go that begins with this expert. Null leaves a choice to the runner.
context:
let
  inherit
    (import ./settings.nix context {
      field = "council";
      fields = [
        "maxTurns"
        "maxDepth"
        "maxMessages"
        "maxTokens"
        "maxCostUsd"
        "timeoutSeconds"
        "parallel"
        "retries"
      ];
      example = "{ maxCostUsd = 2.5; }";
    })
    optional
    ;
  limit = import ./limit.nix context;
in
{
  maxTurns = optional "maxTurns" limit.count;
  maxDepth = optional "maxDepth" limit.count;
  maxMessages = optional "maxMessages" limit.count;
  maxTokens = optional "maxTokens" limit.amount;
  maxCostUsd = optional "maxCostUsd" limit.money;
  timeoutSeconds = optional "timeoutSeconds" limit.amount;
  parallel = optional "parallel" limit.count;
  retries = optional "retries" limit.countOrNone;
}
