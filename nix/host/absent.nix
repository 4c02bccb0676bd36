# Packages that one might look for here, and that the stand-in does not offer: each says so, with the repair.
builtins.listToAttrs (
  map
    (name: {
      inherit name;
      value = throw "${name} is not offered by the host stand-in for nixpkgs; set NIXW_NIXPKGS=pinned where nixpkgs can be reached";
    })
    [
      "binaryen"
      "buildNpmPackage"
      "cargo-nextest"
      "fetchFromGitHub"
      "fetchurl"
      "maturin"
      "playwright-driver"
      "wasm-bindgen-cli"
      "wasm-pack"
      "wasmtime"
      "writers"
    ]
)
