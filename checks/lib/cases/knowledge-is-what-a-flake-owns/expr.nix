{
  expert,
  fixtures,
  ...
}:
let
  inherit ((expert { src = fixtures + "/project"; }).experts.hello-py.knowledge) path;
  walk =
    folder: prefix:
    builtins.concatMap (
      name:
      if (builtins.readDir folder).${name} == "directory" then
        walk (folder + "/${name}") "${prefix}${name}/"
      else
        [ "${prefix}${name}" ]
    ) (builtins.attrNames (builtins.readDir folder));
in
{
  name = builtins.substring 33 (-1) (baseNameOf path);
  files = walk (/. + path) "";
}
