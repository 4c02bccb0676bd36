{
  expert,
  hello-rs,
  ...
}:
let
  hello-py = expert { neighbors.hello-rs.expert = hello-rs; };
  json = builtins.fromJSON (builtins.toJSON hello-py);
in
{
  fields = builtins.attrNames json;
  same = json == { inherit (hello-py) schema root experts; };
  experts = builtins.attrNames json.experts;
  fieldsOfAnExpert = builtins.attrNames json.experts.hello-rs;
}
