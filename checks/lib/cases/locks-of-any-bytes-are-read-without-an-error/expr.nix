{ internal, ... }:
let
  hash = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
  read =
    text:
    internal "lock" {
      inherit text;
      expert = "hello-py";
    };
  head = "version = 1\nexpert = \"hello-py\"\n";
  file = name: "\n[files.\"${name}\"]\nsha256 = \"${hash}\"\n";
  problem = name: (read (head + file name)).problem or null;
  names = name: builtins.attrNames (read (head + file name)).files;
  times = n: text: builtins.concatStringsSep "" (builtins.genList (_: text) n);
  # Single bytes of characters that have several.
  byte = at: text: builtins.substring at 1 text;
in
{
  plain = names "src/a b [1].py";
  escaped = names "a\\n\\t\\\"\\\\\\u0001\\u007F";
  wide = names "é漢😀";
  longest = builtins.length (names (times 3200 "0123456789"));
  tooLong = problem (times 30000 "0123456789");
  firstByteAlone = problem (byte 0 "é");
  laterByteAlone = problem (byte 1 "é");
  cutShort = problem (byte 0 "漢" + byte 1 "漢");
  overlong = problem (byte 0 "߿" + byte 0 "a");
  surrogate = problem (byte 0 "퀀" + byte 1 "é" + byte 1 "é");
  bareEnd = problem "a" == null && problem (byte 0 "é" + "\\n") != null;
  escapedSurrogate = problem "a\\ud800";
  escapedNul = problem "a\\u0000";
  escapedLetters = names "\\u0041\\u00e9\\ud7ff\\ue000";
  rawControl = problem "a\tb";
  strayBytes = (read (head + file "a" + byte 0 "é" + "\n")).problem;
  strayInHead = (read ("version = 1\n" + byte 0 "é" + "\n")).problem;
  noCanonicalHash = (read (head + "\n[files.\"a\"]\nnar = \"sha256-${times 42 "A"}B=\"\n")).problem;
  endsOfLinesOfWindows =
    builtins.attrNames
      (read (builtins.replaceStrings [ "\n" ] [ "\r\n" ] (head + file "a" + file "b"))).files;
  manyDigits = (read "version = ${times 30 "9"}\nexpert = \"hello-py\"\n").problem;
}
