{
  description = "A flake with an expert that knows it";

  inputs.poag.url = "git+file:///path/to/poag"; # wherever your copy of poag lives

  outputs =
    { poag, ... }:
    poag.lib.mkPoagFlake {
      name = "my-flake";
      src = ./.;
      role = "Owns this flake: what it is for, its interface and its tests.";

      # What others may rely on, and the files that hold it:
      # provides.api = { summary = "greet(name) -> str"; files = [ "src" ]; };

      # The flakes this one depends on, and what for:
      # neighbors.other = { expert = other.poag; needs.api = "what it is needed for"; };

      # Everything else that this flake has:
      outputs = {
      };
    };
}
