# Text and scripts into the store.
{
  host,
  derive,
  lib,
}:
let
  write =
    {
      name,
      text,
      destination ? "",
      executable ? false,
      meta ? { },
    }:
    derive {
      inherit
        name
        text
        destination
        meta
        ;
      script = ''
        mkdir -p "$(dirname "$out$destination")"
        printf %s "$text" > "$out$destination"
        ${lib.optionalString executable "chmod +x \"$out$destination\""}
      '';
    };
  bin =
    name: text:
    write {
      inherit name text;
      destination = "/bin/${name}";
      executable = true;
      meta.mainProgram = name;
    };
  shebang = "#!${host.tools.bash.path or (throw (import ./missing.nix "bash"))}\n";
in
{
  writeTextFile = write;
  writeText = name: text: write { inherit name text; };
  writeTextDir =
    path: text:
    write {
      name = baseNameOf path;
      inherit text;
      destination = "/${path}";
    };
  writeScriptBin = bin;
  writeShellScript =
    name: text:
    write {
      inherit name;
      text = shebang + text;
      executable = true;
    };
  writeShellScriptBin = name: text: bin name (shebang + text);
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
    }:
    bin name ''
      ${shebang}set -euo pipefail
      export PATH="${lib.makeBinPath runtimeInputs}''${PATH:+:$PATH}"
      ${text}'';
}
