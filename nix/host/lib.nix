# The few functions of nixpkgs' lib that flakes with poag use.
let
  optionals = condition: list: if condition then list else [ ];
in
{
  inherit (builtins)
    attrNames
    concatMap
    concatStringsSep
    elem
    filter
    mapAttrs
    ;
  inherit optionals;
  optional = condition: value: optionals condition [ value ];
  optionalString = condition: text: if condition then text else "";
  optionalAttrs = condition: attrs: if condition then attrs else { };
  concatMapStringsSep =
    separator: function: list:
    builtins.concatStringsSep separator (map function list);
  escapeShellArg = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";
  genAttrs =
    names: function:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = function name;
      }) names
    );
  getExe = package: "${package}/bin/${package.meta.mainProgram or package.name}";
  makeBinPath = packages: builtins.concatStringsSep ":" (map (package: "${package}/bin") packages);
  licenses = {
    mit.spdxId = "MIT";
    asl20.spdxId = "Apache-2.0";
  };
}
