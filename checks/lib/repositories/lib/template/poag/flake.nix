# Stands for the flake of poag: the library under test, and an app that is never started.
{
  outputs = _: {
    lib = import ./lib {
      mkRun =
        system:
        { name, ... }:
        derivation {
          inherit name system;
          builder = "/bin/sh";
        };
      mkApp =
        system:
        {
          dir,
          expert,
        }:
        derivation {
          name = "poag-${expert}";
          inherit system dir;
          builder = "/bin/sh";
        };
    };
  };
}
