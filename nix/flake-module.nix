# poag as a module of flake-parts: `imports = [ inputs.poag.flakeModules.default ];`, and the fields of `mkPoagFlake` under
# `poag`. What is wrong with them is said by `mkPoagFlake`, in its words.
{ poag }:
{ config, lib, ... }:
let
  inherit (lib) mkOption types;

  text =
    description:
    mkOption {
      type = types.raw;
      inherit description;
    };
  set =
    description:
    mkOption {
      type = types.lazyAttrsOf types.raw;
      default = { };
      inherit description;
    };
  words =
    description:
    mkOption {
      type = types.nullOr (types.listOf types.raw);
      default = null;
      inherit description;
    };

  given = builtins.removeAttrs config.poag (
    builtins.filter (field: config.poag.${field} == null) [
      "prompt"
      "capabilities"
      "checks"
    ]
  );
  made = poag.mkPoagFlake (given // { inherit (config) systems; });
in
{
  _file = ./flake-module.nix;
  key = "poag.flakeModules.default";

  options.poag = mkOption {
    description = "The expert of this flake: the fields of `poag.lib.mkPoagFlake`, but for `outputs` and `systems`.";
    type = types.submodule {
      # A field that is not known is refused by mkPoagFlake, which knows what was meant.
      freeformType = types.lazyAttrsOf types.raw;
      options = {
        name = text "Unique in the graph: letters, digits, `-` and `_`.";
        src = text "The flake's folder, as a rule `./.`.";
        role = text "What the expert owns and cares for: text or a file.";
        prompt = mkOption {
          type = types.raw;
          default = null;
          description = "A Tera template, text or a file; null stands for the one that poag ships.";
        };
        knowledge = set "`include`, `exclude`, `maxTokens`.";
        provides = set "Contract → `summary`, and the `files` that hold the promise.";
        neighbors = set "Provider → `expert`, and `needs.<contract>`.";
        agent = set "How the expert thinks: `backend`, `model`, `command`, and limits.";
        council = set "How far a discussion may go that begins here.";
        capabilities = words "Words for the runner.";
        checks = words "The commands that prove a change here.";
      };
    };
  };

  config.flake = {
    inherit (made) poag checks;
    # Older releases of flake-parts know no `meta` of an app.
    apps = builtins.mapAttrs (_: builtins.mapAttrs (_: app: removeAttrs app [ "meta" ])) made.apps;
  };
}
