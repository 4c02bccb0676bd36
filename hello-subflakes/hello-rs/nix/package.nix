# bin/hello-rs, lib/libhello_rs with the C ABI, and include/hello.h.
{ pkgs, source }:
let
  manifest = builtins.fromTOML (builtins.readFile ../Cargo.toml);
in
pkgs.rustPlatform.buildRustPackage {
  pname = manifest.package.name;
  inherit (manifest.package) version;
  src = source;
  cargoLock.lockFile = ../Cargo.lock;
  cargoBuildFlags = [
    "--features"
    "ffi"
  ];
  cargoTestFlags = [ "--all-features" ];
  postInstall = ''
    mkdir -p $out/include
    cp include/hello.h $out/include/
  '';
  meta = {
    inherit (manifest.package) description;
    mainProgram = "hello-rs";
  };
}
