{
  lib,
  fixtures,
  hello-rs,
  ...
}:
let
  consumer =
    name: neighbors:
    lib.mkPoagExpert {
      inherit name neighbors;
      src = fixtures + "/hello-py";
      role = "Owns ${name}.";
    };
  py = consumer "py" {
    hello-rs = {
      expert = hello-rs;
      needs.hello = "the text";
    };
  };
  wasm = consumer "wasm" { hello-rs.expert = hello-rs; };
  web = consumer "web" {
    wasm.expert = wasm;
    py.expert = py;
  };
in
{
  inherit (web) schema root;
  edges = builtins.mapAttrs (_: expert: expert.neighbors) web.experts;
}
