{ expert, ... }:
expert {
  knowledge.exclude = [ "src" ];
  provides.greet = {
    summary = "greet(name) -> str";
    files = [ "src/hello_py" ];
  };
}
