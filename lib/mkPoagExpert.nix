{ internal }:
/**
  Declares the expert of one flake, and gives the graph of experts that it can ask.

  # Inputs

  A set of `name`, `src`, `role` and the optional `prompt`, `knowledge`, `provides`, `neighbors`, `agent`, `council`, `quota`, `panel`, `work`,
  `capabilities`, `checks` and `exports`. `internal/fields.toml` says what each of them is, and the reference in the book.

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
