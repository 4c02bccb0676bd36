{ internal, ... }:
let
  levenshtein = internal "levenshtein";
  didYouMean = internal "didYouMean";
in
{
  distances = [
    (levenshtein "" "")
    (levenshtein "" "abc")
    (levenshtein "kitten" "sitting")
    (levenshtein "flaw" "lawn")
    (levenshtein "same" "same")
    (levenshtein "roel" "role")
    (levenshtein "ca" "abc")
  ];
  close = didYouMean [ "hello" "greet" ] "helo";
  closest = didYouMean [ "maxTurns" "maxTokens" ] "maxToken";
  far = didYouMean [ "hello" "greet" ] "banana";
  swapped = didYouMean [ "role" "name" ] "roel";
  short = didYouMean [ "ab" ] "cd";
  none = didYouMean [ ] "hello";
}
