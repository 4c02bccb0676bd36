# poag itself, from Cargo.lock.
{ pkgs }:
let
  root = ../.;
  manifest = builtins.fromTOML (builtins.readFile ../Cargo.toml);

  # What the compiler reads, so that an edit elsewhere rebuilds nothing.
  sources = [
    "Cargo.toml"
    "Cargo.lock"
    "benches"
    "build.rs"
    "schema"
    "src"
    "templates"
  ];
  prefix = builtins.stringLength (toString root) + 1;
  topOf = path: builtins.head (builtins.split "/" (builtins.substring prefix (-1) path));
in
pkgs.rustPlatform.buildRustPackage {
  pname = manifest.package.name;
  inherit (manifest.package) version;
  src = builtins.path {
    name = "poag-source";
    path = root;
    filter = path: _: builtins.elem (topOf path) sources;
  };
  cargoLock.lockFile = ../Cargo.lock;
  # checks/run tests the same sources, with real Nix and git, which a build sandbox has not.
  doCheck = false;
  meta = {
    inherit (manifest.package) description;
    mainProgram = "poag";
  };
}
