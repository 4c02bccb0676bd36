{
  expert,
  fixtures,
  ...
}:
let
  described = expert {
    role = fixtures + "/hello-py/role.md";
    prompt = fixtures + "/hello-py/docs/index.md";
  };
in
{
  inherit (described.experts.hello-py) role prompt;
}
