# Every case by the name of its folder, as the expression of that folder.
builtins.mapAttrs (case: _: import (./cases + "/${case}/expr.nix") (import ./context.nix)) (
  builtins.readDir ./cases
)
