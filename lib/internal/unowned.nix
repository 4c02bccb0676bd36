# What no expert knows unless its declaration names it: build output, caches and locks. Only unambiguous names;
# `dist`, `build` and `pkg` may hold sources, so a flake that tracks generated ones excludes them itself.
let
  set =
    names:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) names
    );

  # Version control, the locks that poag and Nix write, and what is declared about experts: never knowledge, even when named.
  never = set [
    ".git"
    ".hg"
    ".jj"
    ".svn"
    "flake.lock"
    "poag.lock"
    "poag.nix"
  ];

  locks = set [
    ".DS_Store"
    "Cargo.lock"
    "Gemfile.lock"
    "Pipfile.lock"
    "Podfile.lock"
    "bun.lock"
    "bun.lockb"
    "composer.lock"
    "deno.lock"
    "go.sum"
    "gradle.lockfile"
    "mix.lock"
    "npm-shrinkwrap.json"
    "package-lock.json"
    "pdm.lock"
    "pnpm-lock.yaml"
    "poetry.lock"
    "pubspec.lock"
    "uv.lock"
    "yarn.lock"
  ];

  folders = set [
    ".devenv"
    ".direnv"
    ".eggs"
    ".gradle"
    ".mypy_cache"
    ".next"
    ".nox"
    ".nuxt"
    ".pytest_cache"
    ".ruff_cache"
    ".stack-work"
    ".svelte-kit"
    ".terraform"
    ".tox"
    ".venv"
    ".zig-cache"
    "__pycache__"
    "dist-newstyle"
    "elm-stuff"
    "node_modules"
    "zig-out"
  ];

  # Output folders with an ordinary name, known by what stands beside them.
  beside = {
    target = [
      "Cargo.toml"
      "build.sbt"
      "pom.xml"
    ];
    _build = [
      "dune-project"
      "mix.exs"
    ];
  };

  ends =
    end: text:
    let
      start = builtins.stringLength text - builtins.stringLength end;
    in
    start >= 0 && builtins.substring start (-1) text == end;
in
{
  # Whether an entry of this name is never knowledge.
  never = name: never ? ${name};

  # Whether a file or symlink counts only when it is named.
  file =
    name: type: locks ? ${name} || type == "symlink" && builtins.match "result(-.*)?" name != null;

  # Whether a folder counts only when it is named; `siblings` are the entries of the folder that holds it.
  folder =
    name: siblings:
    folders ? ${name}
    || ends ".egg-info" name
    || beside ? ${name} && builtins.any (sibling: siblings ? ${sibling}) beside.${name};

  # The same, told by what the folder holds: https://bford.info/cachedir/ and a Python virtual environment.
  holds = entries: entries ? "CACHEDIR.TAG" || entries ? "pyvenv.cfg";
}
