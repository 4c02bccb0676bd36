{
  expert,
  hello-rs,
  flake,
  ...
}:
expert { neighbors.hello-rs.expert = flake { poag = hello-rs; }; }
