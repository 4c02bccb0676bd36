{
  expert,
  fixtures,
  flake,
  ...
}:
let
  identity = src: (expert { inherit src; }).experts.hello-py.identity;
  expected = identity (fixtures + "/hello-rs");
in
map (src: identity src == expected) [
  (toString (fixtures + "/hello-rs"))
  { outPath = toString (fixtures + "/hello-rs"); }
  (builtins.path {
    name = "source";
    path = fixtures + "/hello-rs";
  })
  (flake { })
]
