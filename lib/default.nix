# The library of poag: pure, without nixpkgs, and with nothing that is built while it evaluates.
#
# `mkApp system { dir, expert }` gives the derivation with `bin/poag` that works on the flake in the folder `dir` of its
# repository, whose own expert is called `expert`. `mkRun system { name, args, sources }` gives the derivation that poag
# builds when it is started with these words. `packageFor system` gives poag itself, `supports system` tells whether it can.
{
  mkApp,
  mkRun ? system: throw "poag: this library was made without a poag to build with (for ${system})",
  packageFor ? system: throw "poag: this library was made without packages (for ${system})",
  supports ? _: true,
}:
let
  internal = {
    call = import ./internal/call.nix;
    alone = import ./internal/alone.nix;
    expert = import ./internal/expert.nix;
    fail = import ./internal/fail.nix;
    fields = import ./internal/fields.nix;
    link = import ./internal/link.nix;
    location = import ./internal/location.nix;
  };

  mkPoagExpert = import ./mkPoagExpert.nix { inherit internal; };
  mkPoagFlake = import ./mkPoagFlake.nix {
    inherit
      internal
      mkApp
      mkExportCheck
      mkFreshnessCheck
      mkPack
      supports
      ;
  };
  withExperts = import ./withExperts.nix { inherit internal mkPoagFlake; };
  mkFreshnessCheck = import ./mkFreshnessCheck.nix;
  mkExportCheck = import ./mkExportCheck.nix { inherit internal mkRun; };
  mkPack = import ./mkPack.nix { inherit internal mkRun; };
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
    # A flake that is there already, with the experts that a file of its own declares.
    withExperts
    # The check alone, for a flake that puts its outputs together itself.
    mkFreshnessCheck
    # The check that the files which poag writes for agents say what the expert knows.
    mkExportCheck
    # What an expert knows from the start, as a derivation.
    mkPack
    # The checks of subflakes under their parent: `nix flake check` does not look into them.
    reexportChecks
    # `poag` in a flake's own dev shell.
    withPoag
    # A hook for git-hooks.nix that lets the experts learn before a commit.
    gitHook
    ;
}
