{
  lib,
  fixtures,
  ...
}:
let
  layer =
    n:
    if n == 0 then
      { }
    else
      let
        below = layer (n - 1);
        neighbors = builtins.mapAttrs (_: expert: { inherit expert; }) below;
        make = side: {
          name = "layer-${toString n}-${side}";
          value = lib.mkPoagExpert {
            name = "layer-${toString n}-${side}";
            src = fixtures + "/hello-rs";
            role = "Owns it.";
            inherit neighbors;
          };
        };
      in
      builtins.listToAttrs [
        (make "left")
        (make "right")
      ];
in
builtins.length (builtins.attrNames (layer 31).layer-31-left.experts)
