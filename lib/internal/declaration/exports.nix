# The field `exports`: the files of the flake that poag writes for agents, each with its form.
{
  fail,
  refusals,
  declared,
  table,
  ...
}:
let
  inherit (refusals) refuse;
  didYouMean = import ../didYouMean.nix;
  patterns = import ../patterns.nix;

  given = declared.exports or { };
  forms = table.values."exports.<file>";
  example = "write `exports.\"AGENTS.md\" = \"agents-md\";`";

  form =
    file: value:
    let
      field = "exports.\"${file}\"";
    in
    if
      patterns.escapes file || patterns.normalize file != file || builtins.match ".*[*?].*" file != null
    then
      refuse "exports" "'${file}' must be a file below the expert's folder" example
    else if !builtins.isString value then
      refuse field "it must be a string, not ${fail.kind value}" example
    else if !builtins.elem value forms then
      refuse field "'${value}' is none of ${fail.names forms}${didYouMean forms value}" example
    # https://agentskills.io/specification: a skill has the name of its folder.
    else if
      value == "skill" && builtins.match "(.*/)?[a-z0-9]+(-[a-z0-9]+)*/SKILL\\.md" file == null
    then
      refuse field "a skill is a file `SKILL.md` in a folder of its name, in lower case with hyphens"
        "write `exports.\".agents/skills/hello-py/SKILL.md\" = \"skill\";`"
    else
      value;
in
if !builtins.isAttrs given then
  refuse "exports" "it must be a set of files, not ${fail.kind given}" example
else
  builtins.mapAttrs form given
