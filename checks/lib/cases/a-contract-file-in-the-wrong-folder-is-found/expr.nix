{ expert, ... }:
expert {
  provides.greet = {
    summary = "greet(name) -> str";
    files = [ "hello_py/__init__.py" ];
  };
}
