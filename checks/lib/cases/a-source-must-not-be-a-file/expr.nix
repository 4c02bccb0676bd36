{
  expert,
  fixtures,
  ...
}:
expert { src = fixtures + "/hello-py/role.md"; }
