{
  expert,
  fixtures,
  ...
}:
expert { role = fixtures + "/hello-py/blank.md"; }
