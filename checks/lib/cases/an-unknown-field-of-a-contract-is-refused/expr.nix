{ expert, ... }:
expert {
  provides.greet = {
    summary = "greet(name) -> str";
    file = "src";
  };
}
