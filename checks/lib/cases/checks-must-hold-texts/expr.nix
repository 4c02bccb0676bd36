{ expert, ... }:
expert {
  checks = [
    "nix flake check"
    { }
  ];
}
