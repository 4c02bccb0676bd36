# derive { name; script; path ? [ ]; ... }: runs a bash script with this host's tools on PATH; the rest is its environment.
{ host }:
let
  tool = name: host.tools.${name}.path or (throw (import ./missing.nix name));
  folders = map (name: dirOf host.tools.${name}.path) (
    builtins.filter (name: host.tools ? ${name}) [
      "cargo"
      "cc"
      "git"
    ]
  );
  system = [
    "/usr/local/bin"
    "/usr/bin"
    "/bin"
  ];
  first = builtins.foldl' (seen: dir: if builtins.elem dir seen then seen else seen ++ [ dir ]) [ ];
in
{
  name,
  script,
  path ? [ ],
  ...
}@args:
let
  drv = derivation (
    removeAttrs args [
      "script"
      "path"
      "meta"
      "passthru"
    ]
    // {
      inherit (host) system;
      builder = tool "bash";
      args = [
        "-e"
        "-o"
        "pipefail"
        "-c"
        # Not to end in a program of which bash makes itself one: those that close stdout before they exit, as coreutils
        # do, are taken by nix for a builder that went away, and killed.
        "${script}\n:"
      ];
      PATH = builtins.concatStringsSep ":" (
        map (package: "${package}/bin") path ++ first (folders ++ system)
      );
    }
  );
in
drv
// {
  meta = args.meta or { };
}
// (args.passthru or { })
