# The one way in which poag refuses a declaration: the first line says where and what, the last one how to repair it.
let
  didYouMean = import ./didYouMean.nix;

  # What a Nix value is, in words.
  kind =
    value:
    {
      bool = "a boolean";
      float = "a float";
      int = "an integer";
      lambda = "a function";
      list = "a list";
      null = "null";
      path = "a path";
      set = "a set";
      string = "a string";
    }
    .${builtins.typeOf value};

  # The quoted names, for a list of what is allowed.
  names = builtins.concatStringsSep ", ";
in
{
  inherit kind names;

  # The checks that name this expert; null stands for one without a usable name.
  forExpert =
    expert:
    let
      who = if expert == null then "an expert without a usable name" else "expert '${expert}'";

      refuse =
        field: what: fix:
        throw "poag: ${who}, field '${field}': ${what}\nfix: ${fix}";
    in
    {
      inherit refuse who;

      # True, or the error.
      require =
        holds: field: what: fix:
        holds || refuse field what fix;

      # Forces every check in turn; true, or the first error.
      all = builtins.foldl' (_: holds: holds) true;

      # No attribute outside `known`. `prefix` is the field that holds the set, "" for the declaration itself.
      onlyKnown =
        prefix: known: set:
        let
          unknown = builtins.head (builtins.attrNames (removeAttrs set known));
          field = if prefix == "" then unknown else "${prefix}.${unknown}";
        in
        removeAttrs set known == { }
        ||
          refuse field "there is no such field${didYouMean known unknown}"
            "remove it, or use one of: ${names known}";
    };
}
