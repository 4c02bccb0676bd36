# The library of poag: pure, without nixpkgs, and with nothing that is built while it evaluates.
#
# `mkApp system { dir, expert }` gives the derivation with `bin/poag` that works on the flake in the folder `dir` of its
# repository, whose own expert is called `expert`. `packageFor system` gives poag itself.
{
  mkApp,
  packageFor ? system: throw "poag: this library was made without packages (for ${system})",
}:
let
  internal = {
    expert = import ./internal/expert.nix;
    fail = import ./internal/fail.nix;
    location = import ./internal/location.nix;
  };

  mkPoagExpert = import ./mkPoagExpert.nix { inherit internal; };
  mkPoagFlake = import ./mkPoagFlake.nix { inherit internal mkApp mkFreshnessCheck; };
  mkFreshnessCheck = import ./mkFreshnessCheck.nix;
  reexportChecks = import ./reexportChecks.nix;
  withPoag = import ./withPoag.nix { inherit packageFor; };
  gitHook = import ./gitHook.nix;
in
{
  inherit
    # The expert of a flake, and the graph of those it can ask: the output `poag`.
    mkPoagExpert
    # A whole flake with its expert, the check that it is fresh, and `nix run .#poag`.
    mkPoagFlake
    # The check alone, for a flake that puts its outputs together itself.
    mkFreshnessCheck
    # The checks of subflakes under their parent: `nix flake check` does not look into them.
    reexportChecks
    # `poag` in a flake's own dev shell.
    withPoag
    # A hook for git-hooks.nix that lets the experts learn before a commit.
    gitHook
    ;
}
