# The checks of the playground, under names that say so. It is a flake of its own, which takes this one as an input;
# as an input of this one in turn it would be a cycle, so its outputs are called with what its lock would give them.
{ self, system }:
let
  root = toString self;
  normal =
    path:
    builtins.foldl' (
      parts: part:
      if part == "" || part == "." || builtins.isList part then
        parts
      else if part == ".." then
        builtins.genList (builtins.elemAt parts) (builtins.length parts - 1)
      else
        parts ++ [ part ]
    ) [ ] (builtins.split "/" path);

  # dir: parts of a path below the root.
  call =
    dir:
    let
      outPath = builtins.concatStringsSep "/" ([ root ] ++ dir);
      flake = import (outPath + "/flake.nix");
      inputs = builtins.mapAttrs (
        name: input:
        if input ? follows then
          builtins.foldl' (at: part: at.inputs.${part} or at.${part}) { inherit inputs; } (
            builtins.filter builtins.isString (builtins.split "/" input.follows)
          )
        else
          let
            url = builtins.match "path:(.*)" (input.url or "");
          in
          if url == null then
            throw "${outPath}/flake.nix: input '${name}' is no relative path; the root can only check what lies below it"
          else
            flakeAt (normal (builtins.concatStringsSep "/" (dir ++ url)))
      ) (flake.inputs or { });
      outputs = flake.outputs (inputs // { self = result; });
      result = outputs // {
        inherit inputs outPath outputs;
        _type = "flake";
        sourceInfo = self.sourceInfo;
      };
    in
    result;
  flakeAt = dir: if dir == [ ] then self else call dir;

  checks = (call [ "hello-subflakes" ]).checks.${system} or { };
in
builtins.listToAttrs (
  map (name: {
    name = "playground-${name}";
    value = checks.${name};
  }) (builtins.attrNames checks)
)
