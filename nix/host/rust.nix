# Rust packages, built by this host's cargo from Cargo.lock, with crates from the registry that it is set up for.
{ host, derive }:
let
  known = {
    pname = null;
    version = null;
    src = null;
    cargoLock = { };
    cargoHash = "";
    cargoBuildFlags = [ ];
    cargoTestFlags = [ ];
    nativeBuildInputs = [ ];
    nativeCheckInputs = [ ];
    doCheck = true;
    preBuild = "";
    installPhase = "";
    postInstall = "";
    dontFixup = false;
    env = { };
    meta = { };
    passthru = { };
  };
  build =
    args:
    derive (
      {
        name = "${args.pname}-${args.version}";
        inherit (args) pname;
        inherit (host) cache;
        cargo = host.tools.cargo.path or (throw (import ./missing.nix "cargo"));
        rustc = host.tools.rustc.version or (throw (import ./missing.nix "rustc"));
        cc = host.tools.cc.version or (throw (import ./missing.nix "cc"));
        script = ". ${./cache.sh}\n. ${./rust.sh}";
      }
      // args
    );
in
{
  # nixpkgs has no such word: what rust.sh compiled of others stays in the cache folder.
  keepsDependencies = true;

  buildRustPackage =
    args:
    let
      unknown = builtins.attrNames (removeAttrs args (builtins.attrNames known));
      all = known // args;
    in
    if unknown != [ ] then
      throw "buildRustPackage of the host stand-in for nixpkgs does not know ${toString unknown}; leave it out, or set NIXW_NIXPKGS=pinned"
    else
      build (
        {
          inherit (all)
            pname
            version
            src
            cargoBuildFlags
            cargoTestFlags
            doCheck
            preBuild
            installPhase
            postInstall
            meta
            passthru
            ;
          path = all.nativeBuildInputs ++ (if all.doCheck then all.nativeCheckInputs else [ ]);
        }
        // all.env
      );

  # A program of the registry, by name and version.
  crate =
    {
      name,
      version,
      mainProgram,
    }:
    build {
      pname = name;
      inherit version;
      crate = "${name}@${version}";
      meta = { inherit mainProgram; };
    };
}
