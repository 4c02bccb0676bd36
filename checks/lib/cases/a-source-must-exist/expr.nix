{
  expert,
  fixtures,
  ...
}:
expert { src = fixtures + "/helo-py"; }
