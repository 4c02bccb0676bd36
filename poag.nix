# The experts of poag's own repository: one for each crate, and that of the whole for everything else. `hello-subflakes/` is a
# family of flakes of its own.
let
  # crate: folder, role, summary of what others may call, and what it takes from which other crate.
  crate = folder: role: summary: needs: {
    src = ./crates + "/${folder}";
    inherit role;
    provides.api = {
      inherit summary;
      files = [ "src/lib.rs" ];
    };
    neighbors = builtins.mapAttrs (_: what: { needs.api = what; }) needs;
    checks = [ "cargo nextest run -p poag-${folder}" ];
  };
in
{
  name = "poag";
  src = ./.;
  role = ./nix/role.md;
  # Hundreds of small declarations and inputs, right and wrong, that would drown what they test.
  knowledge.exclude = [
    "checks/lib/cases"
    "checks/lib/fixtures"
    "fuzz/seeds"
  ];
  provides = {
    library = {
      summary = "lib.mkPoagExpert, mkPoagFlake, withExperts, mkFreshnessCheck, mkExportCheck, mkPack, reexportChecks, withPoag and gitHook: experts declared in flakes";
      files = [ "lib/default.nix" ];
    };
    command-line = {
      summary = "nix run .#poag -- ask, graph, experts, learn, check, explain, pack, export; exit codes in its --help";
      files = [ "README.md" ];
    };
  };
  checks = [ "checks/run" ];

  experts = {
    poag-agent =
      crate "agent"
        "Owns the backends: how an expert thinks with a model or a program of one's own, and what keeps the programs that do it within bounds."
        "backends, the processes they start, their limits and their environment"
        {
          poag-core = "turns, usage and errors of an agent";
          poag-env = "which variables are keys, and the folders of a person";
        };
    poag-client =
      crate "client"
        "Owns the client of a server of poag: every operation of its OpenAPI document, over TCP with a token or a unix socket."
        "ServerClient, its calls and errors, and streams of events"
        { };
    poag-core =
      crate "core"
        "Owns what poag is about without anything from the outside: experts and their graph, the council between them, and the plan that comes of it."
        "Expert, Graph, the council's machine and messages, the checks of an agent's output, Plan"
        { };
    poag-engine =
      crate "engine"
        "Owns what poag does as functions, which the command line and the servers call: open, ask, learn, check, export, checkpoints, runs."
        "Engine and its settings, Project, and a function for each verb"
        {
          poag-agent = "backends and how they are started";
          poag-core = "experts, the council and the plan";
          poag-git = "what is tracked, and the past of a repository";
          poag-init = "the proposal of a declaration and its edit";
          poag-knowledge = "files of an expert and its pack";
          poag-ledger = "the log that a run is recorded in";
          poag-librarian = "the embedded backend";
          poag-nix = "evaluation, flake references and NAR hashes";
        };
    poag-env =
      crate "env"
        "Owns the door to the environment of the process: the folders of a person, and which variables hold keys."
        "folders, is_key"
        { };
    # A program that nobody calls.
    poag-eval = {
      src = ./crates/eval;
      role = "Owns the measurements of poag: how good its plans are on real requests, and what a file's likelihood is computed from.";
      neighbors.poag-git.needs.api = "the commits that cases are made of";
      neighbors.poag-librarian.needs.api = "what is measured";
      checks = [ "cargo nextest run -p poag-eval" ];
    };
    poag-git =
      crate "git" "Owns the one door to git: what poag wants from it, and the past of a repository."
        "Git, tracked files, history, worktrees"
        { };
    poag-host = {
      src = ./nix/host;
      role = "Owns the stand-in for nixpkgs that `./nixw` builds with where nixpkgs cannot be reached: the tools of the host.";
      checks = [ "./nixw flake check" ];
    };
    poag-init =
      crate "init"
        "Owns what the files of a repository tell about its experts, and the edit that declares them."
        "survey, propose and the edit of a flake.nix"
        {
          poag-core = "names, quoting, and what an expert is";
          poag-git = "what is tracked";
          poag-knowledge = "outlines of what others may call";
        };
    poag-knowledge =
      crate "knowledge"
        "Owns what an expert knows from the start: its files, their outline, the pack made of them, and the forms in which it is exported."
        "Files, outline, Pack, secrets, tokens, export and share"
        {
          poag-core = "experts and what they promise";
          poag-env = "the folders of a person";
        };
    poag-ledger =
      crate "ledger"
        "Owns the append-only log: streams of events, claims and artifacts, and nothing of what they mean."
        "streams, claims and artifacts"
        { };
    poag-librarian =
      crate "librarian"
        "Owns the embedded backend, which answers and plans without a model: text, index, rank, answer, change, route, turn."
        "the librarian as a backend, and its index"
        {
          poag-core = "turns and their results";
          poag-git = "the past that likelihood is learned from";
          poag-knowledge = "files, outlines and secrets";
        };
    poag-mcp =
      crate "mcp"
        "Owns poag as a server of the Model Context Protocol, for a person's agent and for an expert's agent during its turn."
        "the two servers, and their tools"
        {
          poag-core = "experts and plans";
          poag-engine = "everything a tool does";
        };
    poag-serve =
      crate "serve"
        "Owns poag over HTTP: the API and its OpenAPI document, events, pages for people, and who is let in."
        "serve and its settings, TokenStore, document"
        {
          poag-core = "experts, plans and boards";
          poag-engine = "everything that is answered";
          poag-mcp = "the tools of agents";
        };
    poag-nix =
      crate "nix"
        "Owns the one door to nix: its processes, evaluation and its cache, flake references, NAR hashes, and flake.lock as a graph."
        "Nix, FlakeRef, Evaluation, nar, flake_lock"
        {
          poag-core = "the graph that an evaluation gives";
          poag-env = "the folders of a person";
          poag-git = "what a work tree holds";
        };
  };
}
