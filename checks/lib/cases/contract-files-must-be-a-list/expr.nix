{ expert, ... }:
expert {
  provides.greet = {
    summary = "greet(name) -> str";
    files = "src";
  };
}
