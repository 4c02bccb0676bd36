# cargo name script: runs a script in this crate, with hello-rs beside it as in a checkout. Nothing is downloaded: hello-rs
# is the only dependency.
{ pkgs, hello-rs }:
let
  root = ../.;
  kept = [
    "Cargo.lock"
    "Cargo.toml"
    "docs"
    "src"
    "tests"
  ];
  prefix = builtins.stringLength (toString root) + 1;
  topOf = path: builtins.head (builtins.split "/" (builtins.substring prefix (-1) path));
  source = builtins.path {
    name = "hello-wasm-source";
    path = root;
    filter = path: _: builtins.elem (topOf path) kept;
  };
in
name: script:
pkgs.runCommandCC name
  {
    nativeBuildInputs = [
      pkgs.cargo
      pkgs.rustc
    ]
    # Links WebAssembly for toolchains that do not bring their own linker.
    ++ pkgs.lib.optional (pkgs ? lld) pkgs.lld;
    meta.mainProgram = "hello-wasm";
  }
  ''
    export CARGO_HOME=$PWD/cargo CARGO_TARGET_DIR=$PWD/target
    cp -r ${hello-rs} hello-rs
    cp -r ${source} hello-wasm
    chmod -R u+w hello-rs hello-wasm
    cd hello-wasm
    ${script}
  ''
