# The packages that the stand-in offers, under the names and with the arguments that they have in nixpkgs.
{ host }:
let
  absent = import ./absent.nix;
  derive = import ./derive.nix { inherit host; };
  lib = import ./lib.nix;
  obtain = import ./obtain.nix { inherit host derive; };
  tools = import ./tools.nix { inherit host derive obtain; };
  write = import ./write.nix { inherit host derive lib; };
  stdenv = import ./stdenv.nix { inherit host derive; };
  rust = import ./rust.nix { inherit host derive; };
in
absent
// tools
// write
// {
  inherit lib stdenv;
  inherit (stdenv) runCommand mkShell;
  runCommandLocal = stdenv.runCommand;
  runCommandCC = stdenv.runCommand;
  mkShellNoCC = stdenv.mkShell;
  rustPlatform = { inherit (rust) buildRustPackage keepsDependencies; };
  nixfmt = rust.crate {
    name = "nixfmt_rs";
    version = "0.5.3";
    mainProgram = "nixfmt";
  };
  system = host.system;
}
