{
  description = "A flake of flake-parts with an expert that knows it";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    flake-parts = {
      url = "github:hercules-ci/flake-parts";
      inputs.nixpkgs-lib.follows = "nixpkgs";
    };
    poag.url = "git+file:///path/to/poag"; # wherever your copy of poag lives
  };

  outputs =
    inputs@{ flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      imports = [ inputs.poag.flakeModules.default ];

      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];

      poag = {
        name = "my-flake";
        src = ./.;
        role = "Owns this flake: what it is for, its interface and its tests.";

        # What others may rely on, and the files that hold it:
        # provides.api = { summary = "greet(name) -> str"; files = [ "src" ]; };

        # The flakes this one depends on, and what for:
        # neighbors.other = { expert = inputs.other.poag; needs.api = "what it is needed for"; };
      };
    };
}
