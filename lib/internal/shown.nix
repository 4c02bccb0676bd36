# A file's name as it may stand in a line: control characters, separators of lines and marks that turn the direction of
# writing (UAX #9) become their numbers, as JSON writes them. A name may hold any of them.
let
  digits = builtins.genList (i: builtins.substring i 1 "0123456789abcdef") 16;
  row = start: map (digit: "${start}${digit}") digits;
  numbers =
    builtins.tail (row "000")
    ++ row "001"
    ++ [ "007f" ]
    ++ row "008"
    ++ row "009"
    ++ [
      "061c"
      "200b"
      "200e"
      "200f"
      "2028"
      "2029"
      "202a"
      "202b"
      "202c"
      "202d"
      "202e"
      "2066"
      "2067"
      "2068"
      "2069"
      "feff"
    ];
in
builtins.replaceStrings (map (number: builtins.fromJSON "\"\\u${number}\"") numbers) (
  map (number: "\\u${number}") numbers
)
