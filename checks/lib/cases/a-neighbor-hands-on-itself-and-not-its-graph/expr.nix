{
  expert,
  hello-rs,
  ...
}:
builtins.attrNames
  (expert {
    neighbors.hello-rs.expert = hello-rs // {
      experts = throw "the graph of a neighbor was built";
    };
  }).experts
