# obtain { name; script; … }: a derivation that gets something from a registry which this host lacks. Its output has a
# file `missing`, with the reason and the repair, where that cannot be done: whoever uses it looks for that file.
{ host, derive }:
args:
derive (
  args
  // {
    inherit (host) cache attempt;
    script = ". ${./cache.sh}\n. ${./obtain.sh}\n${args.script}";
  }
)
