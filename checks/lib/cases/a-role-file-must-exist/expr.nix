{
  expert,
  fixtures,
  ...
}:
expert { role = fixtures + "/hello-py/rolle.md"; }
