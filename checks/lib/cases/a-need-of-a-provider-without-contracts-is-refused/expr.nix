{
  expert,
  lib,
  fixtures,
  ...
}:
expert {
  neighbors.hello-c = {
    expert = lib.mkPoagExpert {
      name = "hello-c";
      src = fixtures + "/hello-rs";
      role = "Owns the C library.";
    };
    needs.hello = "the text";
  };
}
