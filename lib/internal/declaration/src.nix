# The field `src` as a path: the folder of the expert's flake. Turning it into a text would copy it to the store, and
# would make the expert depend on the whole repository; it stays a path.
{
  fail,
  refusals,
  declared,
  ...
}:
let
  inherit (refusals) refuse;
  given = declared.src;

  fix = "write `src = ./.;` beside the flake.nix, or `src = inputs.x;` for a flake that declares no expert";

  fromText =
    text:
    if builtins.substring 0 1 text == "/" then
      /. + builtins.unsafeDiscardStringContext text
    else
      refuse "src" "the string '${text}' is no folder" fix;

  path =
    if !declared ? src then
      refuse "src" "it is missing" fix
    else if builtins.isPath given then
      given
    else if builtins.isString given then
      fromText given
    else if builtins.isAttrs given && given ? outPath then
      if builtins.isString given.outPath then
        fromText given.outPath
      else
        refuse "src" "it is an expert, not a folder" fix
    else
      refuse "src" "it must be a folder, not ${fail.kind given}" fix;

  # Inside the store only the part after the hash can be told to people.
  shown =
    let
      parts = builtins.match "${builtins.storeDir}/[^/]*/(.*)" (toString path);
    in
    if parts == null then baseNameOf path else builtins.head parts;
in
if !builtins.pathExists path then
  refuse "src" "there is no folder '${shown}'"
    "name an existing folder, or `git add` it: a flake sees only what git tracks"
else if builtins.readFileType path != "directory" then
  refuse "src" "'${shown}' is a file, not a folder" fix
else
  path
