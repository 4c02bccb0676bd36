# poag as a module of flake-parts: `imports = [ inputs.poag.flakeModules.default ];`, and the fields of `mkPoagFlake` under
# `poag`. What is wrong with them is said by `mkPoagFlake`, in its words.
{ poag }:
{ config, lib, ... }:
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
      }
      // (if fields.optional ? ${field} then { default = null; } else { })
      // kinds.${type} or { }
    );

  leftOut =
    field:
    config.poag.${field} == null
    && (fields.optional ? ${field} || fields.expert.types.${field} == "list of texts");
  given = builtins.removeAttrs config.poag (builtins.filter leftOut fields.expert.names);
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
      options = builtins.mapAttrs option fields.expert.types;
    };
  };

  config.flake = {
    inherit (made) poag checks;
    # Older releases of flake-parts know no `meta` of an app.
    apps = builtins.mapAttrs (_: builtins.mapAttrs (_: app: removeAttrs app [ "meta" ])) made.apps;
  };
}
