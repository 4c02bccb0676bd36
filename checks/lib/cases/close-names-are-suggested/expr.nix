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
  ];
  close = didYouMean [ "hello" "greet" ] "helo";
  closest = didYouMean [ "maxTurns" "maxTokens" ] "maxToken";
  far = didYouMean [ "hello" "greet" ] "banana";
  short = didYouMean [ "ab" ] "cd";
  none = didYouMean [ ] "hello";
}
