# poag as a module of flake-parts: `imports = [ inputs.poag.flakeModules.default ];`, and the fields of `mkPoagFlake` under
# `poag`. What is wrong with them is said by `mkPoagFlake`, in its words.
{ poag }:
{
  config,
  lib,
  inputs,
  ...
}:
let
  inherit (lib) mkOption types;
  fields = import ../lib/internal/fields.nix;

  # What the type of a field is as an option. What a field must hold is checked by mkPoagFlake; here only that sets and lists
  # of several modules come together. Null stands for a field that is left out.
  kinds = {
    set = {
      type = types.lazyAttrsOf types.raw;
      default = { };
    };
    "list of texts" = {
      type = types.nullOr (types.listOf types.raw);
      default = null;
    };
  };
  option =
    field: type:
    mkOption (
      {
        type = types.raw;
        description = fields.expert.means.${field};
        default = null;
      }
      // kinds.${type} or { }
    );

  # One that must be there is missed by mkPoagFlake, in its words.
  leftOut = field: config.poag.${field} == null;
  given = builtins.removeAttrs config.poag (builtins.filter leftOut fields.expert.names);
  made = poag.mkPoagFlake (
    given
    // {
      inherit (config) systems;
      inherit inputs;
    }
  );
  output = config.poag.output or fields.defaults.output;
in
{
  _file = ./flake-module.nix;
  key = "poag.flakeModules.default";

  options.poag = mkOption {
    description = "The experts of this flake: the fields of `poag.lib.mkPoagFlake`, but for `inputs`, `outputs` and `systems`; or the file that holds them, `./poag.nix`.";
    type = types.submoduleWith {
      shorthandOnlyDefinesConfig = true;
      # What a file may ask for by name.
      specialArgs = inputs // {
        inherit inputs;
      };
      modules = [
        {
          # A field that is not known is refused by mkPoagFlake, which knows what was meant.
          freeformType = types.lazyAttrsOf types.raw;
          options = builtins.mapAttrs option fields.expert.types // {
            experts = mkOption {
              type = types.either (types.either types.path (types.functionTo types.raw)) (
                types.lazyAttrsOf types.raw
              );
              default = { };
              description = fields.flake.means.experts;
            };
          };
        }
      ];
    };
  };

  config.flake = {
    inherit (made) checks legacyPackages;
    # Older releases of flake-parts know no `meta` of an app.
    apps = builtins.mapAttrs (_: builtins.mapAttrs (_: app: removeAttrs app [ "meta" ])) made.apps;
  }
  // (if output == "poag" then { inherit (made) poag; } else { lib = { inherit (made.lib) poag; }; });
}
