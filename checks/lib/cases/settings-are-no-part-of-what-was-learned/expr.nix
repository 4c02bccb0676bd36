{ expert, ... }:
let
  learned = settings: {
    inherit ((expert settings).experts.hello-py) declaration identity;
  };
in
learned {
  agent.maxCostUsd = 1;
  council.maxTurns = 4;
} == learned { }
