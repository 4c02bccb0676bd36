{
  expert,
  hello-rs,
  ...
}:
expert { neighbors.rust.expert = hello-rs; }
