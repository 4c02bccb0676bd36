# poag itself, from Cargo.lock. flakeUrl: where its flake lives, if whoever builds it knows; `poag init` writes that.
{
  pkgs,
  flakeUrl ? null,
}:
let
  root = ../.;
  manifest = builtins.fromTOML (builtins.readFile ../Cargo.toml);

  # What cargo reads, so that an edit elsewhere rebuilds nothing: of members of the workspace that are not shipped, the
  # manifest alone.
  notShipped = [
    "crates/client/generator"
    "crates/eval"
    "fuzz"
  ];
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
  ) manifest.workspace.members;
  prefix = builtins.stringLength (toString root) + 1;
  below = folder: path: builtins.substring 0 (builtins.stringLength folder + 1) path == folder + "/";
  needed =
    path: builtins.any (source: path == source || below source path || below path source) sources;
in
pkgs.rustPlatform.buildRustPackage {
  pname = manifest.package.name;
  inherit (manifest.workspace.package) version;
  src = builtins.path {
    name = "poag-source";
    path = root;
    filter = path: _: needed (builtins.substring prefix (-1) path);
  };
  cargoLock.lockFile = ../Cargo.lock;
  # checks/run tests the same sources, with real Nix and git, which a build sandbox has not.
  doCheck = false;
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
