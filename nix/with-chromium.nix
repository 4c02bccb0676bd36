# A program that starts another one, such as a test, with node on PATH and a Chromium in POAG_CHROMIUM. Where there is no
# Chromium, it says why, and ends with 69 (EX_UNAVAILABLE).
{ pkgs }:
let
  browser = import ../hello-subflakes/hello-web/nix/browser.nix pkgs;
  settings = builtins.attrValues (
    builtins.mapAttrs (name: value: "export ${name}=${value}\n") browser.environment
  );
in
pkgs.writeShellApplication {
  name = "with-chromium";
  runtimeInputs = [ pkgs.nodejs ];
  text = ''
    if [ ! -x ${browser.chromium}/bin/chromium ]; then
      echo "not proven here: the page in a browser: $(cat ${browser.chromium}/missing)"
      exit 69
    fi
    ${builtins.concatStringsSep "" settings}export POAG_CHROMIUM=${browser.chromium}/bin/chromium
    exec "$@"
  '';
}
