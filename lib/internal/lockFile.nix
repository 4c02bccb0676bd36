# The `poag.lock` beside the flake of an expert, as far as Nix can be trusted with it: null where there is none, { text } or
# { problem }.
#
# Nix ends the evaluation over a folder, a link into nowhere or a NUL byte. The kind of file can be told beforehand; a NUL
# cannot, so whoever knows of one says so in `unread` (path of the lock → what is wrong with it). Else `context` stands beside
# the error of Nix.
{ unread, context }:
node:
let
  file = node.src + "/poag.lock";
  type = builtins.readFileType file;
in
if unread ? ${toString file} then
  { problem = unread.${toString file}; }
else if !builtins.pathExists file then
  null
else if type == "regular" then
  {
    text = builtins.addErrorContext context (
      builtins.unsafeDiscardStringContext (builtins.readFile file)
    );
  }
else
  {
    problem = "poag.lock is ${
      {
        directory = "a folder";
        symlink = "a symbolic link";
      }
      .${type} or "no file"
    }, not a file";
  }
