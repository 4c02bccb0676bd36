{
  expert,
  hello-rs,
  ...
}:
expert { neighbours.hello-rs.expert = hello-rs; }
