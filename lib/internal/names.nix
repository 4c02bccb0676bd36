# What experts and contracts may be called: the name becomes part of store paths, output names and shell commands.
let
  pattern = "[A-Za-z0-9][A-Za-z0-9_-]*";
in
{
  isName = value: builtins.isString value && builtins.match pattern value != null;

  # How a wrong one is repaired.
  rule = "use letters, digits, '-' and '_', beginning with a letter or digit";
}
