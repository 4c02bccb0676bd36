{ internal, ... }:
let
  hash = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
  problem =
    text:
    (internal "lock" {
      inherit text;
      expert = "hello-py";
    }).problem or null;
  head = "version = 1\nexpert = \"hello-py\"\n";
  file = name: "\n[files.\"${name}\"]\nsha256 = \"${hash}\"\n";
in
{
  good = problem (head + file "a");
  withoutEntries = problem head;
  withBlankLines = problem (head + "\n\n" + file "a" + "\n\n" + file "b" + "\n");
  empty = problem "";
  noLock = problem "hello\n";
  version = problem "# head\nversion = 2\nexpert = \"hello-py\"\nelse = 1\n";
  otherExpert = problem "version = 1\nexpert = \"hello-rs\"\n";
  conflict = problem (
    head
    + "\n[files.\"a\"]\n<<<<<<< HEAD\nsha256 = \"${hash}\"\n=======\nsha256 = \"${hash}\"\n>>>>>>> other\n"
    + file "b"
  );
  conflictInHead = problem ("<<<<<<< HEAD\n" + head);
  twice = problem (head + file "a" + file "b" + file "a");
  unknownSection = problem (head + file "a" + "\n[file.\"b\"]\nsha256 = \"${hash}\"\n");
  badHash = problem (head + "\n[files.\"a\"]\nsha256 = \"short\"\n");
  badEscape = problem (head + "\n[files.\"a\\q\"]\nsha256 = \"${hash}\"\n");
  cutOff = problem (head + file "a" + "\n[files.\"b\"]\nsha25");
  misnamed = problem (head + "\n[contracts.\"hello-rs\"]\nsha256 = \"${hash}\"\n");
}
