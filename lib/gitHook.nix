/**
  A hook for git-hooks.nix: before a commit the experts learn, and `poag.lock` files are staged, nothing else.

  # Output

  What git-hooks.nix takes as one of its `hooks`.

  # Example

  ```nix
  git-hooks.lib.${system}.run {
    src = ./.;
    hooks.poag = poag.lib.gitHook;
  }
  ```
*/
{
  enable = true;
  name = "poag";
  description = "The experts of this repository learn what is about to be committed";
  entry = "sh ${../templates/pre-commit}";
  language = "system";
  stages = [ "pre-commit" ];
  always_run = true;
  pass_filenames = false;
}
