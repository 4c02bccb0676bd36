# Where a folder lives: the source it is part of, as a path in the store, and the folder inside it ("" is the source
# itself). A folder outside the store, as in a test, is a source of its own.
src:
let
  text = toString src;
  parts = builtins.match "(${builtins.storeDir}/[^/]+)(/(.*))?" text;
in
if parts == null then
  {
    source = text;
    dir = "";
  }
else
  {
    source = builtins.head parts;
    dir =
      let
        inner = builtins.elemAt parts 2;
      in
      if inner == null then "" else inner;
  }
