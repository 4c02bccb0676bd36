# Where a path leads in the end: through symbolic links, chains of them and linked folders.
#
# `link context path` is { path } with the real path, or { problem } in words: it leads to nothing, or out of the source that
# `path` lies in. Nix can follow a link but not read one, and some ends it does not let us look at: where a link leads to a
# place that pure evaluation forbids, or to itself, the evaluation ends there, with `context` among its lines.
#
# `builtins.findFile` is the one builtin that tells where a path leads (it resolves all links), and the one whose failure over
# a missing file can be caught.
let
  location = import ./location.nix;
  sourceOf = path: (location path).source;
in
context: path:
let
  text = toString path;
  source = sourceOf path;
  inStore = source != text || builtins.match "${builtins.storeDir}/[^/]+" text != null;
  # Outside of the store, as in a test, the folder that holds it stands for its source.
  root = if inStore then source else dirOf text;
  inner = builtins.substring (builtins.stringLength root + 1) (-1) text;
  found = builtins.addErrorContext context (
    builtins.tryEval (
      builtins.findFile [
        {
          prefix = "";
          path = root;
        }
      ] inner
    )
  );
  real = toString found.value;
  prefix = "${root}/";
  isWithin = real == root || builtins.substring 0 (builtins.stringLength prefix) real == prefix;
in
if inner == "" then
  { inherit path; }
else if !found.success then
  { problem = "leads to nothing"; }
else if inStore && !isWithin then
  { problem = "leads out of the source that it lies in"; }
else
  { path = found.value; }
