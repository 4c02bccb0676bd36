# The end of an error about a name: "; did you mean 'x'?" where one of the candidates is close, else "".
candidates: word:
let
  levenshtein = import ./levenshtein.nix;
  allowed =
    let
      third = builtins.stringLength word / 3;
    in
    if third > 1 then third else 1;
  # A word that shares no length with the candidate cannot be close: spares the quadratic distance.
  comparable =
    candidate:
    let
      difference = builtins.stringLength candidate - builtins.stringLength word;
    in
    difference <= allowed && difference >= -allowed;
  closest = builtins.foldl' (
    best: candidate:
    let
      distance = levenshtein word candidate;
    in
    if distance < best.distance then { inherit candidate distance; } else best
  ) { distance = allowed + 1; } (builtins.filter comparable candidates);
in
if closest ? candidate then "; did you mean '${closest.candidate}'?" else ""
