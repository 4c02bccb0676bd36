{ packageFor }:
/**
  Puts `poag` into a flake's own dev shell: on its PATH, and nothing else of the shell changes.

  # Inputs

  `pkgs`: the packages that the shell was made with.

  `shell`: a derivation of `mkShell`.

  # Output

  The same shell with `poag` among its `nativeBuildInputs`.

  # Example

  ```nix
  devShells.x86_64-linux.default = poag.lib.withPoag pkgs (pkgs.mkShell { packages = [ pkgs.git ]; });
  ```
*/
pkgs: shell:
shell.overrideAttrs (old: {
  nativeBuildInputs = old.nativeBuildInputs or [ ] ++ [
    (packageFor pkgs.stdenv.hostPlatform.system)
  ];
})
