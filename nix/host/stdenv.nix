# runCommand, mkShell and a small mkDerivation: phases in order, with the hooks that they name.
{ host, derive }:
let
  inputs =
    args:
    builtins.concatMap (field: args.${field} or [ ]) [
      "packages"
      "nativeBuildInputs"
      "buildInputs"
      "nativeCheckInputs"
    ];
  environment =
    args:
    removeAttrs args [
      "packages"
      "nativeBuildInputs"
      "buildInputs"
      "nativeCheckInputs"
      "env"
    ]
    // (args.env or { });
  hooks = ''
    runHook() { eval "''${!1:-}"; }
  '';

  mkShell =
    args:
    derive (
      environment args
      // {
        name = args.name or "nix-shell";
        # `nix develop` writes what it finds into each output that this variable names.
        outputs = [ "out" ];
        path = inputs args;
        script = ''printf '%s\n' "$PATH" > $out'';
      }
    )
    // {
      overrideAttrs = change: mkShell (args // change args);
    };
in
{
  inherit mkShell;

  hostPlatform = {
    inherit (host) system;
    isLinux = builtins.match ".*-linux" host.system != null;
    isDarwin = builtins.match ".*-darwin" host.system != null;
  };

  runCommand =
    name: args: text:
    derive (
      environment args
      // {
        inherit name;
        path = inputs args;
        script = text;
      }
    );

  mkDerivation =
    args:
    derive (
      environment args
      // {
        name = args.name or "${args.pname}-${args.version}";
        path = inputs args;
        script =
          hooks
          + (
            if args.dontUnpack or (!args ? src) then
              ""
            else
              ''
                cp -r "$src" source
                chmod -R u+w source
                cd source
              ''
          )
          + builtins.concatStringsSep "\n" [
            (args.patchPhase or "")
            (args.configurePhase or "")
            (args.buildPhase or "")
            (if args.doCheck or false then args.checkPhase or "" else "")
            (args.installPhase
              or (throw "${args.pname or args.name}: the host stand-in for nixpkgs needs an installPhase")
            )
          ];
      }
    );
}
