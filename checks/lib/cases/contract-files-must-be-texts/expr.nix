{
  expert,
  fixtures,
  ...
}:
expert {
  provides.greet = {
    summary = "greet(name) -> str";
    files = [ (fixtures + "/hello-py/src") ];
  };
}
