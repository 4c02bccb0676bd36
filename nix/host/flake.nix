{
  description = "A stand-in for the few parts of nixpkgs that poag uses, made of this host's tools (see nixw)";

  # host.json is written by nixw beside its copy of this file: what tools this host has.
  outputs =
    _:
    let
      host = builtins.fromJSON (builtins.readFile ./host.json);
    in
    {
      legacyPackages.${host.system} = import ./default.nix { inherit host; };
    };
}
