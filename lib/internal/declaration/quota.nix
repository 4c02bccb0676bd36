# The field `quota`: how much a run that begins with this expert may leave in its record. Null leaves a choice to the runner.
context:
let
  settings = import ./settings.nix context {
    field = "quota";
    example = "{ artifactBytesEach = 67108864; }";
  };
in
settings.all (import ./limit.nix context)
