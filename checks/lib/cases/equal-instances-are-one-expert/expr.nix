{
  lib,
  fixtures,
  ...
}:
let
  # The same folder in two sources, as two lock nodes fetch it.
  source =
    name:
    builtins.path {
      inherit name;
      path = fixtures + "/hello-rs";
    };
  hello-rs =
    src:
    lib.mkPoagExpert {
      inherit src;
      name = "hello-rs";
      role = "Owns the Rust library.";
    };
  consumer =
    name: neighbors:
    lib.mkPoagExpert {
      inherit name neighbors;
      src = source "root";
      role = "Owns ${name}.";
    };
  graph = consumer "hello-web" {
    hello-rs.expert = hello-rs (source "other");
    hello-wasm.expert = consumer "hello-wasm" { hello-rs.expert = hello-rs (source "root"); };
  };
in
# The instance in the root's own source wins over the one that was found first.
builtins.mapAttrs (_: expert: expert.location) graph.experts
