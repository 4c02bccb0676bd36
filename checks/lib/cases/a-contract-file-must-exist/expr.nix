{ expert, ... }:
expert {
  provides.greet = {
    summary = "greet(name) -> str";
    files = [ "src/hello_py/__init_.py" ];
  };
}
