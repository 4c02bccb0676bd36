{
  description = "A repository of flakes whose experts know each other";

  inputs = {
    poag.url = "git+file:///path/to/poag"; # wherever your copy of poag lives
    part = {
      url = "path:./part";
      # One poag for all, and a lock file that does not grow with the paths between flakes.
      inputs.poag.follows = "poag";
    };
  };

  outputs =
    { poag, part, ... }:
    poag.lib.mkPoagFlake {
      name = "whole";
      src = ./.;
      role = "Owns the repository: what its parts are for, and that they fit together.";
      neighbors.part = {
        expert = part.poag;
        needs.api = "what the whole is made of";
      };

      # `nix flake check` does not look into subflakes by itself.
      outputs.checks = poag.lib.reexportChecks { inherit part; };
    };
}
