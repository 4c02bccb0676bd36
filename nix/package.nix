# poag itself, from Cargo.lock. flakeUrl: where its flake lives, if whoever builds it knows; `poag init` writes that.
{
  pkgs,
  flakeUrl ? null,
}:
let
  manifest = builtins.fromTOML (builtins.readFile ../Cargo.toml);
  inherit (manifest.workspace) members;
  # Members of the workspace of which cargo reads the manifest alone.
  notShipped = [
    "crates/client/generator"
    "crates/eval"
    "fuzz"
  ];
in
import ./rust-package.nix { inherit pkgs; } {
  pname = manifest.package.name;
  inherit (manifest.workspace.package) version;
  root = ../.;
  inherit members;
  # An edit elsewhere rebuilds nothing.
  sources = [
    "Cargo.toml"
    "Cargo.lock"
    "schema"
    "src"
    "templates"
  ]
  ++ builtins.concatMap (
    member:
    [ "${member}/Cargo.toml" ]
    ++ (
      if builtins.elem member notShipped then
        [ ]
      else
        [
          "${member}/build.rs"
          "${member}/src"
        ]
    )
  ) members;
  env = if flakeUrl == null then { } else { POAG_FLAKE_URL = flakeUrl; };
  # Made by the program itself, where it can run.
  postInstall =
    if (pkgs.stdenv.buildPlatform.canExecute or (_: true)) pkgs.stdenv.hostPlatform then
      ''
        mkdir -p "$out/share/man/man1" "$out/share/bash-completion/completions" \
          "$out/share/zsh/site-functions" "$out/share/fish/vendor_completions.d"
        "$out/bin/poag" man --into "$out/share/man/man1"
        "$out/bin/poag" completions bash >"$out/share/bash-completion/completions/poag"
        "$out/bin/poag" completions zsh >"$out/share/zsh/site-functions/_poag"
        "$out/bin/poag" completions fish >"$out/share/fish/vendor_completions.d/poag.fish"
      ''
    else
      "";
  meta = {
    inherit (manifest.package) description;
    mainProgram = "poag";
  };
}
