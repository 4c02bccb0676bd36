{ internal, ... }:
let
  sourcePath = internal "sourcePath";
  fixed =
    name: outputHash:
    builtins.unsafeDiscardStringContext
      (derivation {
        inherit name outputHash;
        system = "any";
        builder = "none";
        outputHashMode = "recursive";
        outputHashAlgo = "sha256";
      }).outPath;
  hashes = [
    "sha256-12KrbMiWLcf8m7pCvAtZh1ZrgF85ZXDXvfR/fWTKy84="
    "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
  ];
in
map (
  hash: sourcePath "source" hash == fixed "source" hash && sourcePath "a-b" hash == fixed "a-b" hash
) hashes
