# A field that holds a text, or the file that holds it: `role` and `prompt`.
{
  fail,
  refusals,
  declared,
  ...
}:
{
  field,
  example,
}:
let
  inherit (refusals) refuse;
  given = declared.${field};

  fix = "write `${field} = \"${example}\";` or `${field} = ./file;`";

  # "./role.md" in quotes is a slip: it would become the text itself.
  looksLikeFile = builtins.match "\\.{0,2}/[^[:space:]]*" given != null;

  text =
    if !declared ? ${field} then
      refuse field "it is missing" fix
    else if builtins.isString given then
      if looksLikeFile then
        refuse field "the string '${given}' looks like a file name"
          "to read the file, write it without quotes: `${field} = ${given};`"
      else
        given
    else if builtins.isPath given then
      if !builtins.pathExists given then
        refuse field "there is no file '${baseNameOf given}'"
          "name an existing file, or `git add` it: a flake sees only what git tracks"
      else if builtins.readFileType given == "directory" then
        refuse field "'${baseNameOf given}' is a folder, not a file" fix
      else
        builtins.readFile given
    else
      refuse field "it must be a string or a file, not ${fail.kind given}" fix;
in
if builtins.match "[[:space:]]*" text != null then
  refuse field "it is empty" fix
else
  builtins.unsafeDiscardStringContext text
