{
  lib,
  fixtures,
  ...
}:
let
  hash =
    src: contract:
    (lib.mkPoagExpert {
      inherit src;
      name = "any";
      role = "Owns it.";
      provides.c = contract;
    }).experts.any.provides.c.hash;
  project = fixtures + "/project";
  base = hash project {
    summary = "one";
    files = [ "src" ];
  };
in
{
  # A folder stands for what it holds.
  folder =
    base == hash project {
      summary = "one";
      files = [
        "src/a.rs"
        "src/deep"
        "src/folder-link"
      ];
    };
  summary =
    base != hash project {
      summary = "two";
      files = [ "src" ];
    };
  files =
    base != hash project {
      summary = "one";
      files = [ "src/deep" ];
    };
  elsewhere =
    hash project {
      summary = "one";
      files = [ ];
    } == hash (fixtures + "/hello-rs") { summary = "one"; };
}
