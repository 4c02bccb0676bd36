{
  expert,
  lib,
  fixtures,
  ...
}:
expert {
  neighbors.hello-rs.expert = lib.mkPoagExpert {
    name = "hello-rs";
    src = fixtures + "/hello-rs";
    role = "";
  };
}
