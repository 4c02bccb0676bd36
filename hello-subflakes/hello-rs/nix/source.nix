# What cargo reads, so that an edit of the documentation rebuilds nothing.
let
  root = ../.;
  kept = [
    "Cargo.lock"
    "Cargo.toml"
    "examples"
    "include"
    "src"
    "tests"
  ];
  prefix = builtins.stringLength (toString root) + 1;
  topOf = path: builtins.head (builtins.split "/" (builtins.substring prefix (-1) path));
in
builtins.path {
  name = "hello-rs-source";
  path = root;
  filter = path: _: builtins.elem (topOf path) kept;
}
