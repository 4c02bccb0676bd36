{
  description = "A stand-in for the few parts of nixpkgs that poag uses, made of this host's tools (see nixw)";

  # host.json is written by nixw beside its copy of this file: what tools this host has.
  outputs =
    _:
    let
      host = builtins.fromJSON (builtins.readFile ./host.json);
      elsewhere = system: {
        name = system;
        value = throw "the host stand-in for nixpkgs serves ${host.system} only; set NIXW_NIXPKGS=pinned for ${system}";
      };
    in
    {
      legacyPackages =
        builtins.listToAttrs (
          map elsewhere [
            "x86_64-linux"
            "aarch64-linux"
            "x86_64-darwin"
            "aarch64-darwin"
          ]
        )
        // {
          ${host.system} = import ./default.nix { inherit host; };
        };
    };
}
