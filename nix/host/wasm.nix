# This host's rustc as the one of nixpkgs, which has the target wasm32-unknown-unknown. A toolchain without it gets the
# standard library of that target from where the toolchain itself came.
{
  host,
  obtain,
  tool,
}:
let
  target = "wasm32-unknown-unknown";
  programs = [
    "rustc"
    "rustdoc"
  ];
in
if !(host.tools ? rustc) || builtins.elem target host.targets then
  tool programs
else
  obtain {
    name = "host-rustc-wasm";
    inherit target;
    rustc = host.tools.rustc.path;
    rustdoc = host.tools.rustdoc.path or "";
    inherit (host.tools.rustc) version;
    script = ". ${./wasm.sh}";
    meta.mainProgram = "rustc";
  }
