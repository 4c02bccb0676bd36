# The folder of the flake in whose files an expert is declared, or null where that cannot be told: the nearest one with a
# flake.nix at or above the file that holds its `src`, in the source that `src` is part of. As a rule it is `src` itself; the
# flake may also lie below (`dev/flake.nix` with `src = ../.;`), and of several experts in one flake most have another folder.
declaration: src:
let
  location = import ./location.nix;
  inherit (location src) source;
  position =
    if builtins.isAttrs declaration then builtins.unsafeGetAttrPos "src" declaration else null;
  isHere =
    position != null && (location position.file).source == source && (location position.file).dir != "";
  nearest =
    folder:
    if builtins.pathExists (folder + "/flake.nix") then
      folder
    else if toString folder == source || toString folder == "/" then
      null
    else
      nearest (dirOf folder);
in
if isHere then nearest (dirOf (/. + position.file)) else null
