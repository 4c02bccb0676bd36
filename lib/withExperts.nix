{ internal, mkPoagFlake }:
/**
  Gives a flake that is there already the experts that a file of its own declares, and everything that `mkPoagFlake` adds.

  # Inputs

  `declaration`: the file, as a rule `./poag.nix`. It holds what `mkPoagFlake` takes, or a function that gives it:
  `{ inputs, ... }: { … }`, which is given `inputs` and each of them by its name.

  `inputs`: the flake's inputs, where the file is such a function. `self.inputs` does as well.

  `outputs`: what the flake has already. A function is passed on: `withExperts ./poag.nix inputs f x` is
  `withExperts ./poag.nix inputs (f x)`, so that nothing moves where outputs are made by calling something.

  # Output

  As of `mkPoagFlake`.

  # Example

  ```nix
  outputs =
    { self, nixpkgs, poag }:
    poag.lib.withExperts ./poag.nix self.inputs {
      packages.x86_64-linux.default = nixpkgs.legacyPackages.x86_64-linux.hello;
    };
  ```
*/
declaration: inputs:
let
  fail = import ./internal/fail.nix;
  refuse = what: fix: throw "poag: withExperts: ${what}\nfix: ${fix}";

  declared =
    let
      value = internal.call inputs declaration;
    in
    if !builtins.isAttrs value then
      refuse "the declaration must be a set, not ${fail.kind value}" "let the file hold `{ name = \"hello-py\"; src = ./.; role = \"…\"; }`, or a function `{ inputs, ... }:` that gives it"
    else if value ? outputs then
      refuse "the declaration has `outputs`, and so has the flake" "write them in one of the two"
    else
      value;

  add =
    outputs:
    if builtins.isFunction outputs then
      argument: add (outputs argument)
    else if !builtins.isAttrs outputs then
      refuse "outputs must be a set, not ${fail.kind outputs}" "write `withExperts ./poag.nix inputs { packages = …; }`"
    else
      mkPoagFlake (declared // { inherit inputs outputs; });
in
add
