# python3Packages: what building and testing takes from the registry of Python packages, pinned by hash, and
# buildPythonPackage, which builds a wheel and installs it.
{
  host,
  derive,
  obtain,
}:
let
  python = host.tools.python3.path or (throw (import ./missing.nix "python3"));
  version = host.tools.python3.version or "";
  sites = packages: builtins.concatStringsSep ":" (map (package: "${package}/site") packages);

  # The hashes are those of the wheels for every platform that has one.
  wheels = name: {
    inherit name;
    value = obtain {
      name = "host-python-${name}";
      inherit python version;
      requirements = builtins.readFile (./. + "/python-${name}.txt");
      script = ". ${./python-wheels.sh}";
    };
  };

  known = {
    pname = null;
    version = null;
    src = null;
    pyproject = true;
    build-system = [ ];
    dependencies = [ ];
    nativeBuildInputs = [ ];
    preBuild = "";
    pythonImportsCheck = [ ];
    # Tests against the installed wheel are derivations of their own.
    doCheck = false;
    meta = { };
  };
in
{
  packages =
    builtins.listToAttrs (
      map wheels [
        "nodejs"
        "pytest"
        "setuptools"
      ]
    )
    // {
      buildPythonPackage =
        args:
        let
          unknown = builtins.attrNames (removeAttrs args (builtins.attrNames known));
          all = known // args;
        in
        if unknown != [ ] then
          throw "buildPythonPackage of the host stand-in for nixpkgs does not know ${toString unknown}; leave it out, or set NIXW_NIXPKGS=pinned"
        else
          derive {
            name = "${all.pname}-${all.version}";
            inherit (all) src preBuild meta;
            inherit python version;
            outputs = [
              "out"
              "dist"
            ];
            path = all.nativeBuildInputs;
            imports = all.pythonImportsCheck;
            buildSystem = all.build-system;
            buildSites = sites all.build-system;
            sites = sites all.dependencies;
            script = ". ${./python.sh}";
          };
    };

  # python3.withPackages: this host's Python with packages to import.
  withPackages =
    packages: choose:
    let
      chosen = choose packages;
    in
    derive {
      name = "host-python3-env";
      inherit python version chosen;
      script = ". ${./python-env.sh}";
      meta.mainProgram = "python3";
    };
}
