{
  expert,
  fixtures,
  ...
}:
expert { role = fixtures + "/hello-py/docs"; }
