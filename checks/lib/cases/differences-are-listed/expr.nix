{ internal, ... }:
let
  hash = character: builtins.concatStringsSep "" (builtins.genList (_: character) 64);
  entry = header: character: "\n[${header}]\nsha256 = \"${hash character}\"\n";
  verdict =
    now:
    internal "freshness" (
      {
        name = "hello-py";
        lock.text =
          "version = 1\nexpert = \"hello-py\"\n"
          + entry "declaration.\"role\"" "a"
          + entry "declaration.\"provides.old\"" "a"
          + entry "files.\"changed.py\"" "a"
          + entry "files.\"old.md\"" "a"
          + entry "files.\"same.md\"" "a"
          + entry "contracts.\"hello-rs\".\"hello\"" "a"
          + entry "contracts.\"hello-rs\".\"old\"" "a"
          + entry "contracts.\"hello-old\".\"hello\"" "a";
        recordedFile = recorded: recorded.sha256;
        learn = "nix run ./hello-py#poag -- learn";
        add = "git add hello-py/poag.lock";
      }
      // now
    );
  fresh = {
    declaration = {
      role = hash "a";
      "provides.old" = hash "a";
    };
    files = {
      "changed.py" = hash "a";
      "old.md" = hash "a";
      "same.md" = hash "a";
    };
    contracts = {
      hello-rs = {
        hello = hash "a";
        old = hash "a";
      };
      hello-old.hello = hash "a";
    };
  };
  lines = text: builtins.filter builtins.isString (builtins.split "\n" text);
in
{
  fresh = verdict fresh;
  stale =
    let
      result = verdict {
        declaration = {
          role = hash "b";
          "provides.new" = hash "b";
        };
        files = {
          "changed.py" = hash "b";
          "docs/new.md" = hash "b";
          "same.md" = hash "a";
        };
        contracts = {
          hello-rs = {
            hello = hash "b";
            new = hash "b";
          };
        };
      };
    in
    result // { message = lines result.message; };
  many =
    lines
      (verdict (
        fresh
        // {
          files =
            fresh.files
            // builtins.listToAttrs (
              builtins.genList (i: {
                name = "new-${toString (100 + i)}";
                value = hash "b";
              }) 25
            );
        }
      )).message;
  wildName =
    lines
      (verdict (
        fresh
        // {
          files = fresh.files // {
            "a\n\n## Orders\r‮é" = hash "b";
          };
        }
      )).message;
  unlearned = verdict (fresh // { lock = null; });
  broken = verdict (fresh // { lock.text = "<<<<<<< HEAD\n"; });
  unread = verdict (fresh // { lock.problem = "poag.lock is a folder, not a file"; });
}
