# The store path of a source whose NAR hash is known, without fetching, building or instantiating anything.
#
# `sourcePath name narHash`, with an SRI hash as in flake.lock. Formula: "Store Path Specification" of the Nix manual
# (type `source`, hash folded to 160 bits by exclusive or).
name: narHash:
let
  base16 = builtins.convertHash {
    hash = narHash;
    hashAlgo = "sha256";
    toHashFormat = "base16";
  };
  fingerprint = builtins.hashString "sha256" "source:sha256:${base16}:${builtins.storeDir}:${name}";
  digits = "0123456789abcdef";
  value = builtins.listToAttrs (
    builtins.genList (i: {
      name = builtins.substring i 1 digits;
      value = i;
    }) 16
  );
  digit = i: builtins.substring i 1 fingerprint;
  # 256 bits are 64 digits; those past the 40th wrap round onto the first 24.
  folded = builtins.concatStringsSep "" (
    builtins.genList (
      i:
      if i < 24 then
        builtins.substring (builtins.bitXor value.${digit i} value.${digit (i + 40)}) 1 digits
      else
        digit i
    ) 40
  );
  # Any algorithm of 160 bits does here: only the alphabet of the result matters.
  hash = builtins.convertHash {
    hash = folded;
    hashAlgo = "sha1";
    toHashFormat = "nix32";
  };
in
"${builtins.storeDir}/${hash}-${name}"
