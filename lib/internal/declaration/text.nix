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

  # Where the file really is. A link counts by what it leads to, in the same source.
  link =
    import ../link.nix
      (context "is a symbolic link that leads out of the source that it lies in, or to itself")
      given;
  linkFix = "let the link lead to a file of the same source, or name that file";
  context =
    what: "poag: ${refusals.who}, field '${field}': '${baseNameOf given}' ${what}\nfix: ${linkFix}";

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
      else if !link ? path then
        refuse field "'${baseNameOf given}' is a symbolic link that ${link.problem}" linkFix
      else if builtins.readFileType link.path == "directory" then
        refuse field "'${baseNameOf given}' is a folder, not a file" fix
      else
        builtins.addErrorContext (context "is no text") (builtins.readFile link.path)
    else
      refuse field "it must be a string or a file, not ${fail.kind given}" fix;
in
if builtins.match "[[:space:]]*" text != null then
  refuse field "it is empty" fix
else
  builtins.unsafeDiscardStringContext text
