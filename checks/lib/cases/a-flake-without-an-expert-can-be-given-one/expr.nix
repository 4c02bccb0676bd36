{
  expert,
  flake,
  ...
}:
expert { neighbors.hello-rs.expert = flake { }; }
