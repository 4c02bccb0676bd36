{
  expert,
  lib,
  hello-rs,
  fixtures,
  ...
}:
expert {
  neighbors = {
    hello-rs.expert = hello-rs;
    hello-wasm.expert = lib.mkPoagExpert {
      name = "hello-wasm";
      src = fixtures + "/hello-rs";
      role = "Owns the WebAssembly.";
      neighbors.hello-rs.expert = lib.mkPoagExpert {
        name = "hello-rs";
        src = fixtures + "/hello-rs";
        role = "Owns another Rust library.";
      };
    };
  };
}
