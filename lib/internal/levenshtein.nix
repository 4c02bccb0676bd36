# How many single-character insertions, deletions, substitutions and swaps of neighbours lead from one text to the other, no
# part being edited twice (optimal string alignment, https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).
a: b:
let
  characters = text: builtins.genList (i: builtins.substring i 1 text) (builtins.stringLength text);
  min = x: y: if x < y then x else y;
  columns = builtins.genList (i: i) (builtins.stringLength b);
  bs = characters b;
  # A row of the table from the two above it, which end at the characters before this one.
  next =
    {
      row,
      above,
      before,
    }:
    character: {
      above = row;
      before = character;
      row = builtins.foldl' (
        done: i:
        let
          edited = min (min (builtins.elemAt row (i + 1) + 1) (builtins.elemAt done i + 1)) (
            builtins.elemAt row i + (if builtins.elemAt bs i == character then 0 else 1)
          );
          swapped = i > 0 && builtins.elemAt bs i == before && builtins.elemAt bs (i - 1) == character;
        in
        done ++ [ (if swapped then min edited (builtins.elemAt above (i - 1) + 1) else edited) ]
      ) [ (builtins.head row + 1) ] columns;
    };
  first = {
    row = columns ++ [ (builtins.length columns) ];
    above = null;
    before = null;
  };
in
builtins.elemAt (builtins.foldl' next first (characters a)).row (builtins.length columns)
