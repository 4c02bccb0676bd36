{
  expert,
  lib,
  fixtures,
  ...
}:
let
  hello-rs =
    src:
    lib.mkPoagExpert {
      inherit src;
      name = "hello-rs";
      role = "Owns the Rust library.";
    };
in
expert {
  neighbors = {
    hello-rs.expert = hello-rs (fixtures + "/hello-rs");
    hello-wasm.expert = lib.mkPoagExpert {
      name = "hello-wasm";
      src = fixtures + "/hello-rs";
      role = "Owns the WebAssembly.";
      neighbors.hello-rs.expert = hello-rs (fixtures + "/hello-rs/src");
    };
  };
}
