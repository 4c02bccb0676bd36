{
  expert,
  lib,
  fixtures,
  ...
}:
let
  record =
    (expert {
      neighbors.hello-rs.expert = lib.mkPoagExpert {
        name = "hello-rs";
        src = fixtures + "/hello-rs";
        role = "Owns the Rust library.";
        provides.hello.summary = "hello() -> &str";
        provides.bye.summary = "bye() -> &str";
      };
    }).experts.hello-py;
in
{
  inherit (record.neighbors.hello-rs) needs contracts;
  declared = record.declaration ? "needs.hello-rs";
}
