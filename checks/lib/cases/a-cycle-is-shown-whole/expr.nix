{
  lib,
  fixtures,
  ...
}:
let
  expert =
    name: neighbor:
    lib.mkPoagExpert {
      inherit name;
      src = fixtures + "/hello-rs";
      role = "Owns ${name}.";
      neighbors = neighbor;
    };
  a = expert "a" { b.expert = b; };
  b = expert "b" { c.expert = c; };
  c = expert "c" { b.expert = b; };
in
a
