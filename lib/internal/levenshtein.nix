# How many single-character insertions, deletions and substitutions lead from one text to the other
# (Wagner-Fischer, https://en.wikipedia.org/wiki/Wagner%E2%80%93Fischer_algorithm).
a: b:
let
  characters = text: builtins.genList (i: builtins.substring i 1 text) (builtins.stringLength text);
  min = x: y: if x < y then x else y;
  columns = builtins.genList (i: i) (builtins.stringLength b);
  bs = characters b;
  next =
    previous: character:
    builtins.foldl' (
      row: i:
      row
      ++ [
        (min (min (builtins.elemAt previous (i + 1) + 1) (builtins.elemAt row i + 1)) (
          builtins.elemAt previous i + (if builtins.elemAt bs i == character then 0 else 1)
        ))
      ]
    ) [ (builtins.head previous + 1) ] columns;
  last = builtins.foldl' next (columns ++ [ (builtins.length columns) ]) (characters a);
in
builtins.elemAt last (builtins.length columns)
