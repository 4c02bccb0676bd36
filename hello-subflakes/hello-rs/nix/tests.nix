# results.json: what the tests of this crate have proven. It names the package, whose building runs the tests of the crate,
# and the C program's check, so that there are no results unless both passed.
{
  pkgs,
  package,
  c-abi,
}:
pkgs.writeTextFile {
  name = "hello-rs-tests";
  destination = "/results.json";
  text = builtins.toJSON {
    binding = "hello-rs";
    proven = {
      rust = "cargo test --all-features, in building ${package}";
      c-abi = "a C program over hello.h, in building ${c-abi}";
    };
    unproven = { };
  };
}
