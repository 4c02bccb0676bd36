{
  expert,
  hello-rs,
  ...
}:
expert { neighbors = [ hello-rs ]; }
