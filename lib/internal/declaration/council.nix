# The field `council`: how far a discussion may go that begins with this expert. Null leaves a choice to the runner.
context:
let
  settings = import ./settings.nix context {
    field = "council";
    example = "{ maxCostUsd = 2.5; }";
  };
in
settings.all (import ./limit.nix context)
