{
  expert,
  hello-rs,
  ...
}:
expert { src = hello-rs; }
