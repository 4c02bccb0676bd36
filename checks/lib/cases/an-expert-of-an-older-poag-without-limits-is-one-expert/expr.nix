{
  expert,
  lib,
  hello-rs,
  fixtures,
  ...
}:
let
  # As a poag makes it that knows neither `council` nor `agent.maxCostUsd`.
  older =
    let
      node = hello-rs._node null;
    in
    hello-rs
    // {
      _node =
        _:
        removeAttrs node [ "council" ]
        // {
          key = "older";
          agent = removeAttrs node.agent [ "maxCostUsd" ];
        };
    };
  graph = expert {
    neighbors = {
      hello-rs.expert = older;
      hello-wasm.expert = lib.mkPoagExpert {
        name = "hello-wasm";
        src = fixtures + "/hello-rs";
        role = "Owns the WebAssembly.";
        neighbors.hello-rs.expert = hello-rs;
      };
    };
  };
in
builtins.mapAttrs (_: record: record.council) (
  removeAttrs graph.experts [
    "hello-py"
    "hello-wasm"
  ]
)
