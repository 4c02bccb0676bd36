# A field that is a list of strings: `capabilities` and `checks`.
{
  fail,
  refusals,
  declared,
  table,
  ...
}:
field:
let
  inherit (refusals) refuse;
  given = declared.${field} or table.defaults.${field};

  example = {
    capabilities = "write `capabilities = [ \"python\" \"ffi\" ];`";
    checks = "write `checks = [ \"nix flake check\" ];`";
  };

  word =
    value:
    if !builtins.isString value then
      refuse field "it must be a list of strings, but one element is ${fail.kind value}" example.${field}
    else if builtins.match "[[:space:]]*" value != null then
      refuse field "one of its elements is empty" example.${field}
    else
      builtins.unsafeDiscardStringContext value;
in
if !builtins.isList given then
  refuse field "it must be a list of strings, not ${fail.kind given}" example.${field}
else
  map word given
