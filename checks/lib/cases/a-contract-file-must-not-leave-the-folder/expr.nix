{ expert, ... }:
expert {
  provides.greet = {
    summary = "greet(name) -> str";
    files = [ "../hello-rs/src/lib.rs" ];
  };
}
