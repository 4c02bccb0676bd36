{
  expert,
  hello-rs,
  ...
}:
expert {
  neighbors.hello-rs.expert = hello-rs // {
    schema = "poag.graph/0";
  };
}
