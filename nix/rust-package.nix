# A Rust program as two derivations: what it depends on, compiled from the manifests alone, and itself, so that a change of
# its own code compiles its own code.
#
# apart: not where compiled dependencies stay from build to build anyway, as in the stand-in for nixpkgs.
{
  pkgs,
  apart ? !(pkgs.rustPlatform.keepsDependencies or false),
}:
# root: the folder of the workspace, whose crates have names that begin with pname. members: their folders in it.
# sources: the files and folders in it that cargo reads. The rest is for buildRustPackage.
{
  pname,
  version,
  root,
  members,
  sources,
  ...
}@args:
let
  prefix = builtins.stringLength (toString root) + 1;
  below = folder: path: builtins.substring 0 (builtins.stringLength folder + 1) path == folder + "/";
  # One name, hence one folder where it is built, for both.
  source =
    sources:
    let
      needed =
        path: builtins.any (source: path == source || below source path || below path source) sources;
    in
    builtins.path {
      name = "${pname}-source";
      path = root;
      filter = path: _: needed (builtins.substring prefix (-1) path);
    };

  build =
    own:
    pkgs.rustPlatform.buildRustPackage (
      {
        cargoLock.lockFile = root + "/Cargo.lock";
        # checks/run tests the same sources, with real Nix and git, which a build sandbox has not.
        doCheck = false;
      }
      // own
    );

  dependencies = build {
    pname = "${pname}-dependencies";
    inherit version;
    src = source (
      [
        "Cargo.toml"
        "Cargo.lock"
      ]
      ++ map (member: "${member}/Cargo.toml") members
    );
    # Crates with nothing in them, which need whatever the real ones do.
    preBuild = ''
      for member in . ${toString members}; do
        mkdir -p "$member/src"
        : >"$member/src/lib.rs"
        echo 'fn main() {}' | tee "$member/src/main.rs" >"$member/build.rs"
      done
    '';
    installPhase = ''
      target=''${CARGO_TARGET_DIR:-target}
      find "$target" -depth \( -name '${pname}*' -o -name 'lib${pname}*' \) -exec rm -r {} +
      mkdir "$out"
      cp -r "$target" "$out/target"
    '';
    # What cargo reads again is not to be stripped.
    dontFixup = true;
  };
in
build (
  removeAttrs args [
    "root"
    "members"
    "sources"
  ]
  // {
    src = source sources;
  }
  // (
    if apart then
      {
        # cargo compiles anew what is older than what it was made of: so all is as old.
        preBuild = ''
          target=''${CARGO_TARGET_DIR:-target}
          mkdir -p "$target"
          cp -r --no-preserve=ownership ${dependencies}/target/. "$target"
          chmod -R u+w "$target"
          find "$target" -exec touch -h -d "@$(date +%s)" {} +
        '';
        passthru = { inherit dependencies; };
      }
    else
      { }
  )
)
