{
  inputs.poag.url = "path:../poag";
  inputs.hello-rs.url = "path:../hello-rs";
  inputs.hello-rs.inputs.poag.follows = "poag";
  outputs =
    {
      poag,
      hello-rs,
      ...
    }:
    {
      inherit
        (poag.lib.mkPoagFlake {
          name = "hello-py";
          src = ./.;
          role = "Owns the Python package.";
          prompt = ./expert.md.tera;
          provides.greet = {
            summary = "greet(name) -> str";
            files = [ "src/hello_py/__init__.py" ];
          };
          neighbors.hello-rs = {
            expert = hello-rs.poag;
            needs.hello = "the greeting text itself";
          };
        })
        poag
        checks
        apps
        ;
    };
}
