/**
  Gives the checks of other flakes as checks of this one. `nix flake check` at the root of a repository does not look into
  its subflakes, so the root hands theirs on.

  # Inputs

  A set of flakes by name.

  # Output

  System → `<flake>-<check>` → the check, for the output `checks`.

  # Example

  ```nix
  checks = poag.lib.reexportChecks { inherit hello-rs hello-py; };
  # checks.x86_64-linux.hello-rs-poag-hello-rs, …
  ```
*/
flakes:
let
  fail = import ./internal/fail.nix;

  refuse =
    flake: what: fix:
    throw "poag: reexportChecks, flake '${flake}': ${what}\nfix: ${fix}";

  checksOf =
    flake:
    let
      value = flakes.${flake};
    in
    if !builtins.isAttrs value then
      refuse flake "it must be a flake, not ${fail.kind value}"
        "pass inputs of this flake: `reexportChecks { inherit ${flake}; }`"
    else
      value.checks or { };

  names = builtins.attrNames flakes;
  systems = builtins.attrNames (builtins.foldl' (all: flake: all // checksOf flake) { } names);

  # Flake and check are both free to hold the hyphen that joins them.
  add =
    system: all: flake:
    let
      own = (checksOf flake).${system} or { };
      prefixed = builtins.listToAttrs (
        map (check: {
          name = "${flake}-${check}";
          value = own.${check};
        }) (builtins.attrNames own)
      );
      twice = builtins.attrNames (builtins.intersectAttrs prefixed all);
    in
    if twice == [ ] then
      all // prefixed
    else
      refuse flake "its check '${builtins.head twice}' has the name of another flake's check"
        "pass one of the two flakes under another name";
in
if !builtins.isAttrs flakes then
  throw "poag: reexportChecks: it must be called with a set of flakes, not ${fail.kind flakes}\nfix: write `reexportChecks { inherit hello-rs hello-py; }`"
else
  builtins.listToAttrs (
    map (system: {
      name = system;
      value = builtins.foldl' (add system) { } names;
    }) systems
  )
