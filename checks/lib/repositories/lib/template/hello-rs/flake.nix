{
  inputs.poag.url = "path:../poag";
  outputs = { poag, ... }: {
    inherit
      (poag.lib.mkPoagFlake {
        name = "hello-rs";
        src = ./.;
        role = "Owns the Rust library.";
        provides.hello = {
          summary = "hello() -> &str";
          files = [ "src/lib.rs" ];
        };
      })
      poag
      checks
      apps
      ;
  };
}
