//! Programs that a repository names in its git settings: no verb has one of them run, not even through nix.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::harness::{Repository, flake, text};

/// Every hook of git that one of its commands may run.
const HOOKS: [&str; 6] = [
    "post-index-change",
    "pre-commit",
    "post-checkout",
    "reference-transaction",
    "fsmonitor-watchman",
    "pre-auto-gc",
];

/// Names a program wherever git takes one; it leaves a mark.
fn arm(repository: &Repository) -> PathBuf {
    let git = repository.root.join(".git");
    let (mark, program, hooks) = (git.join("ran"), git.join("evil"), git.join("evil-hooks"));
    let script = format!(
        "#!/bin/sh\nps -o args= -p $PPID >>'{}'\ncat\n",
        mark.display()
    );
    fs::create_dir(&hooks).unwrap();
    let places = HOOKS.map(|hook| hooks.join(hook));
    for place in places.iter().chain([&program]) {
        fs::write(place, &script).unwrap();
        fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let program = program.display();
    let mut settings = format!("[core]\n\thooksPath = {}\n", hooks.display());
    for (section, names) in [
        (
            "core",
            &[
                "fsmonitor",
                "pager",
                "editor",
                "sshCommand",
                "gitProxy",
                "askPass",
            ][..],
        ),
        ("diff", &["external"]),
        ("filter \"evil\"", &["clean", "smudge", "process"]),
        ("diff \"evil\"", &["textconv", "command"]),
        ("credential", &["helper"]),
        ("gpg", &["program"]),
        ("gpg \"ssh\"", &["program"]),
        ("pager", &["log", "ls-files", "rev-list", "diff-tree"]),
        ("alias", &[]),
    ] {
        settings.push_str(&format!("[{section}]\n"));
        for name in names {
            settings.push_str(&format!("\t{name} = {program}\n"));
        }
    }
    settings.push_str(&format!("[alias]\n\tls-files = !{program}\n[log]\n\tshowSignature = true\n[hook \"evil\"]\n\tevent = post-index-change\n\tcommand = {program}\n"));
    fs::write(git.join("more"), settings).unwrap();
    repository.git(&["config", "include.path", "more"]);
    fs::create_dir_all(git.join("info")).unwrap();
    fs::write(git.join("info/attributes"), "* filter=evil diff=evil\n").unwrap();
    mark
}

#[test]
fn no_verb_has_a_program_run_that_the_settings_of_git_name() {
    let repository = Repository::new();
    let declaration = r#"role = "Owns the greeting."; exports = { "AGENTS.md" = "agents-md"; };"#;
    repository.write("flake.nix", &flake("solo", "", declaration));
    repository.write("greet.py", "def greet(name):\n    return name\n");
    repository.write("sub/README.md", "# sub\n\nOwns the rest.\n");
    repository.commit("begin");
    let mark = arm(&repository);
    let works = [
        "graph", "learn", "ask", "export", "pack", "experts", "explain", "runs", "mcp",
    ];
    let verbs: &[&[&str]] = &[
        // The first of them lets nix write flake.lock, which has git know of it.
        &["graph"],
        &["check"],
        &["learn"],
        &["check", "--all"],
        &["ask", "--quiet", "greet"],
        &["export"],
        &["export", "--check"],
        &["pack", "solo"],
        &["pack", "--folder", "."],
        &["experts"],
        &["explain", "solo"],
        &["doctor"],
        &["runs"],
        &["checkpoints"],
        &["lock", "lint"],
        &["lock", "lint", "--fix", "--yes"],
        &["init", "--all", "--dry-run"],
        &["init", "sub", "--yes", "--poag-url", "path:/poag"],
        &["init", "--hook", "--yes"],
        &["init", "--ci", "github", "--yes"],
        &["mcp"],
    ];
    for args in verbs {
        // What is as young as the index has its content compared.
        repository.write("greet.py", "def greet(name):\n    return 'x' + name\n");
        let output = repository
            .poag("")
            .args(["--no-cache"])
            .args(*args)
            .write_stdin("")
            .output()
            .unwrap();
        let ran = fs::read_to_string(&mark).unwrap_or_default();
        let said = text(&output.stderr);
        assert_eq!(ran, "", "{args:?}: {said}");
        let must_work = works.contains(&args[0]) && !args.contains(&"--check");
        assert!(output.status.success() || !must_work, "{args:?}: {said}");
    }
    assert!(repository.root.join("flake.lock").exists());
    assert!(repository.root.join("poag.lock").exists());
    // Where nothing stands against them, these settings do have it run.
    let mut git = std::process::Command::new("git");
    git.current_dir(&repository.root).args(["add", "greet.py"]);
    let _ = git.output().unwrap();
    assert!(mark.exists());
}
