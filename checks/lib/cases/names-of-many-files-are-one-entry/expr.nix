# What is known by its name alone: its content changes nothing, and that it is there, gone or called otherwise does.
{ internal, ... }:
let
  hash = character: builtins.concatStringsSep "" (builtins.genList (_: character) 64);
  verdict =
    files:
    let
      result = internal "freshness" {
        name = "hello-py";
        lock.text = ''
          version = 1
          expert = "hello-py"

          [files."README.md"]
          sha256 = "${hash "a"}"

          [files."src/main.py"]
          sha256 = "${hash "a"}"

          [folders."src"]
          sha256 = "${builtins.hashString "sha256" "src/a.py//src/deep/b.py"}"

          [folders."src/deep/er"]
          sha256 = "${builtins.hashString "sha256" "src/deep/er/c.py"}"
        '';
        recordedFile = recorded: recorded.sha256;
        learn = "learn";
        add = "add";
        declaration = { };
        contracts = { };
        inherit files;
      };
    in
    {
      inherit (result)
        status
        files
        folders
        learned
        ;
      lines = builtins.filter builtins.isString (builtins.split "\n" result.message);
    };
  known = {
    "README.md" = hash "a";
    "src/main.py" = hash "a";
    "src/a.py" = throw "nobody reads it";
    "src/deep/b.py" = throw "nobody reads it";
    "src/deep/er/c.py" = throw "nobody reads it";
  };
in
{
  same = verdict known;
  added = verdict (known // { "src/deep/new.py" = hash "a"; });
  addedBeside = verdict (known // { "docs/new.md" = hash "a"; });
  removed = verdict (removeAttrs known [ "src/deep/er/c.py" ]);
  renamed = verdict (removeAttrs known [ "src/a.py" ] // { "src/z.py" = hash "a"; });
  changed = verdict (known // { "src/main.py" = hash "b"; });
}
