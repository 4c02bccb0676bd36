# The checks of a number that bounds what an expert or a council may use.
{
  fail,
  refusals,
  ...
}:
let
  inherit (refusals) refuse;

  # What the runner counts in 32 bits.
  most = 4294967295;

  integer =
    {
      what,
      least,
      tooSmall,
      greatest ? null,
    }:
    field: value:
    let
      fix = "write ${what}, or leave the field out";
    in
    if !builtins.isInt value then
      refuse field "it must be ${what}, not ${fail.kind value}" fix
    else if value < least then
      refuse field "${toString value} is ${tooSmall}" fix
    else if greatest != null && value > greatest then
      refuse field "${toString value} is more than poag counts"
        "write ${toString greatest} or less, or leave the field out"
    else
      value;

  positive = {
    what = "a positive integer";
    least = 1;
    tooSmall = "not positive";
  };
in
{
  # Turns, edges, messages.
  count = integer (positive // { greatest = most; });

  # Tokens, seconds.
  amount = integer positive;

  # Of something that may be left out altogether.
  countOrNone = integer {
    what = "0 or a positive integer";
    least = 0;
    tooSmall = "negative";
    greatest = most;
  };

  # US dollars.
  money =
    field: value:
    let
      fix = "write US dollars as a positive number, such as `2.5`, or leave the field out";
    in
    if !builtins.isInt value && !builtins.isFloat value then
      refuse field "it must be a positive number, not ${fail.kind value}" fix
    else if value <= 0 then
      refuse field "${builtins.toJSON value} is not positive" fix
    else
      # 2 and 2.0 are one sum, and one text as JSON.
      value * 1.0;
}
