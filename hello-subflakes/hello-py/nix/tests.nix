# results.json: what pytest has proven about the package as it is installed from its wheel, the examples in the
# documentation among it.
{ pkgs, package }:
let
  python = pkgs.python3.withPackages (packages: [
    package
    packages.pytest
  ]);
in
pkgs.runCommand "hello-py-tests" { } ''
  export PYTHONDONTWRITEBYTECODE=1 HELLO_PY=${package}/bin/hello-py HELLO_PY_WHEEL=$(echo ${package.dist}/*.whl)
  mkdir $out
  # Of a stand-in for nixpkgs that could not have all it takes.
  if [ -e ${python}/missing ]; then
    printf '{"binding": "hello-py", "proven": {}, "unproven": {"wheel": "%s"}}\n' "$(sort -u ${python}/missing | paste -sd ' ' -)" \
      | tee $out/results.json
    exit 0
  fi
  cp -r ${../tests} tests
  cp ${../README.md} README.md
  cp ${../pyproject.toml} pyproject.toml
  ${python}/bin/python3 -m pytest -p no:cacheprovider | tee log
  printf '{"binding": "hello-py", "proven": {"wheel": "pytest against %s: %s"}, "unproven": {}}\n' \
    "''${HELLO_PY_WHEEL##*/}" "$(tail -n 1 log | tr -d = | sed 's/ in .*//; s/^ *//')" > $out/results.json
''
