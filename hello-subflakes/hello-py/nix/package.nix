# The package as a wheel with the shared library of hello-rs inside, and installed from it: bin/hello-py, and hello_py to
# import. The wheel itself is the output `dist`.
{ pkgs, hello-rs }:
let
  root = ../.;
  manifest = builtins.fromTOML (builtins.readFile ../pyproject.toml);
  kept = [
    "README.md"
    "pyproject.toml"
    "setup.py"
    "src"
  ];
  prefix = builtins.stringLength (toString root) + 1;
  topOf = path: builtins.head (builtins.split "/" (builtins.substring prefix (-1) path));
in
pkgs.python3Packages.buildPythonPackage {
  pname = manifest.project.name;
  inherit (manifest.project) version;
  pyproject = true;
  src = builtins.path {
    name = "hello-py-source";
    path = root;
    filter = path: _: builtins.elem (topOf path) kept;
  };
  build-system = [ pkgs.python3Packages.setuptools ];
  preBuild = ''
    mkdir -p src/hello_py/_lib
    cp ${hello-rs}/lib/libhello_rs.* src/hello_py/_lib/
  '';
  pythonImportsCheck = [ "hello_py" ];
  # The tests run against the installed wheel: nix/tests.nix.
  doCheck = false;
  meta = {
    inherit (manifest.project) description;
    mainProgram = "hello-py";
  };
}
