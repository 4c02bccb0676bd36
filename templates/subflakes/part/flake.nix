{
  description = "One part";

  inputs.poag.url = "git+file:///path/to/poag"; # the same as at the root

  outputs =
    { poag, ... }:
    poag.lib.mkPoagFlake {
      name = "part";
      src = ./.;
      role = "Owns this part: its interface and its tests.";
      provides.api = {
        summary = "what others may rely on";
        files = [ "README.md" ];
      };

      # Everything else that this flake has:
      outputs = { };
    };
}
