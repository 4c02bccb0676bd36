{ internal, ... }:
let
  hash = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
in
internal "lock" {
  expert = "hello-py";
  text = ''
    # What the expert "hello-py" last learned. Written by `poag learn`; commit it, never edit it.
    version = 1
    expert = "hello-py"

    [declaration."prompt"]
    sha256 = "default"

    [declaration."provides.greet"]
    sha256 = "${hash}"

    [files."a \"quoted\" name.md"]
    sha256 = "${hash}"

    [files."caf\u00e9"]
    sha256 = "${hash}"

    [files."link"]
    nar = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    [folders."."]
    sha256 = "${hash}"

    [contracts."hello-rs"."hello"]
    sha256 = "${hash}"
  '';
}
