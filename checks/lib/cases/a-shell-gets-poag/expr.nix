_:
let
  lib = import ../../../../lib {
    mkApp = throw "no app is asked for";
    packageFor = system: "poag-${system}";
  };
  shell.overrideAttrs = change: change { nativeBuildInputs = [ "git" ]; };
in
lib.withPoag { stdenv.hostPlatform.system = "x86_64-linux"; } shell
