# This host's programs as packages: each is a folder with bin/ that starts the host's own.
{
  host,
  derive,
  obtain,
}:
let
  tool =
    programs:
    let
      main = builtins.head programs;
      path = name: host.tools.${name}.path or (throw (import ./missing.nix name));
      start = name: ''
        printf '#!/bin/sh\nexec %s "$@"\n' '${path name}' > $out/bin/${name}
        chmod +x $out/bin/${name}
      '';
    in
    derive {
      name = "host-${main}";
      # A new version of the same path has to rebuild what used the old one.
      version = host.tools.${main}.version or (throw (import ./missing.nix main));
      script = "mkdir -p $out/bin\n" + builtins.concatStringsSep "" (map start programs);
      meta.mainProgram = main;
    };
  nodejs = import ./node.nix {
    inherit
      host
      derive
      tool
      python
      ;
  };
  python = import ./python.nix { inherit host derive obtain; };
in
{
  bash = tool [ "bash" ];
  bashInteractive = tool [ "bash" ];
  cargo = tool [ "cargo" ];
  clippy = tool [
    "cargo-clippy"
    "clippy-driver"
  ];
  gcc = tool [ "cc" ];
  git = tool [ "git" ];
  inherit nodejs;
  mdbook = tool [ "mdbook" ];
  chromium = import ./chromium.nix {
    inherit
      host
      obtain
      tool
      nodejs
      ;
  };
  python3 = tool [ "python3" ] // {
    pkgs = python.packages;
    withPackages = python.withPackages python.packages;
  };
  python3Packages = python.packages;
  rustc = import ./wasm.nix { inherit host obtain tool; };
  rustfmt = tool [
    "rustfmt"
    "cargo-fmt"
  ];
}
