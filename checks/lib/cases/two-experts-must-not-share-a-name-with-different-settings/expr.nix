{
  expert,
  lib,
  fixtures,
  ...
}:
let
  hello-rs =
    settings:
    lib.mkPoagExpert (
      {
        name = "hello-rs";
        src = fixtures + "/hello-rs";
        role = "Owns the Rust library.";
      }
      // settings
    );
in
expert {
  neighbors = {
    hello-rs.expert = hello-rs { agent.model = "small"; };
    hello-wasm.expert = lib.mkPoagExpert {
      name = "hello-wasm";
      src = fixtures + "/hello-rs";
      role = "Owns the WebAssembly.";
      neighbors.hello-rs.expert = hello-rs { council.maxTurns = 2; };
    };
  };
}
