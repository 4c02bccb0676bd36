{ internal }:
/**
  Declares the expert of one flake, and gives the graph of experts that it can ask.

  # Inputs

  A set of:

  - `name` (text): unique in the graph; letters, digits, `-` and `_`.
  - `src` (path, flake input or store path): the folder of the expert's flake, as a rule `./.`.
  - `role` (text or file): what it owns and cares for.
  - `prompt` (text or file, optional): a Tera template; null stands for the one that poag ships.
  - `knowledge` (optional): `include` and `exclude` are lists of files, folders and globs (`*`, `**`, `?`) relative to
    `src`; an empty `include` means everything the flake owns, and one that spells out the name of something left out by
    default (`Cargo.lock`, `node_modules`) brings it back. `maxTokens` is the budget of the pack, 24000 by default.
  - `provides` (optional): contract → `{ summary, files ? [ ] }`. A folder among the files stands for all below it.
  - `neighbors` (optional): provider → `{ expert, needs ? { } }`, where `expert` is the provider's `poag` output and
    `needs` says what each contract is needed for. Without `needs` the edge depends on everything provided.
  - `agent` (optional): `backend`, `model`, `command`, `maxTurns`, `maxTokens`, `maxCostUsd`, `timeoutSeconds`.
  - `council` (optional): how far a discussion may go that begins with this expert, unless the command line says otherwise:
    `maxTurns` of each expert, `maxDepth`, `maxMessages`, `maxTokens`, `maxCostUsd`, `timeoutSeconds`, `parallel` turns,
    `retries`. That of its neighbours does not count then.
  - `capabilities` (optional): free words about what it can do.
  - `exports` (optional): file of this flake → what `poag export` writes there, `"agents-md"`, `"skill"` or `"llms-txt"`. Such
    a file is no knowledge, so that it may be written anew without making the expert stale.
  - `checks` (optional): commands that prove a change, `[ "nix flake check" ]` by default.

  # Output

  `{ schema, root, experts }`, which is also what it is as JSON: the reachable graph with each expert once. A wrong
  declaration is an error as soon as `root` or `experts` is looked at, and its last line is the repair.

  # Example

  ```nix
  poag = poag.lib.mkPoagExpert {
    name = "hello-py";
    src = ./.;
    role = "Owns the Python package: its API, its wheel and its tests.";
    provides.greet = { summary = "greet(name) -> str"; files = [ "src/hello_py" ]; };
    neighbors.hello-rs = { expert = hello-rs.poag; needs.hello = "the greeting text itself"; };
  }
  ```
*/
declaration: internal.expert { } declaration
