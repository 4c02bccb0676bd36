# As a set, as a file, and as a function of the inputs; a whole declaration, too, beside outputs that are there already.
{
  lib,
  workspace,
  fixtures,
  ...
}:
let
  inputs = {
    words.core = "Owns the core.";
    unfetchable = throw "nobody asked for it";
  };
  role = flake: flake.poag.experts.core.role;
  withExperts = lib.withExperts (fixtures + "/workspace/poag.nix") inputs;
  inFile = workspace {
    inherit inputs;
    experts = fixtures + "/workspace/experts.nix";
  };
  eachSystem = make: { packages.x86_64-linux.default = make "x86_64-linux"; };
in
{
  file = role inFile;
  isKnown = (inFile.poag._node null).knowledge.files ? "experts.nix";
  function = role (workspace {
    inherit inputs;
    experts = import (fixtures + "/workspace/experts.nix");
  });
  beside =
    let
      flake = withExperts {
        packages.x86_64-linux.default = 1;
        checks.x86_64-linux.mine = 2;
      };
    in
    {
      role = role flake;
      inherit (flake) packages;
      checks = builtins.attrNames flake.checks.x86_64-linux;
    };
  passedOn =
    let
      flake = withExperts eachSystem (system: "of ${system}");
    in
    {
      role = role flake;
      inherit (flake) packages;
    };
}
