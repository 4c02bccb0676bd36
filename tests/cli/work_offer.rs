//! A work that is offered to others: its branch on a remote, and a pull request.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::harness::text;
use crate::work::{Stage, stage};

/// In the place of `gh`, which only talks to a server of GitHub's: writes down how it was called, and says an address as
/// gh 2.83 does.
const GH: &str = r#"#!/bin/sh
for word; do printf '%s\n' "$word"; done >CALLED
echo "Creating pull request" >&2
echo https://example.org/pull/7
"#;

struct Offered {
    stage: Stage,
    remote: PathBuf,
    programs: PathBuf,
}

impl Offered {
    /// A work that is done, in a repository with a bare remote.
    fn new() -> Self {
        let (stage, words) = stage("1");
        let repository = &stage.repository;
        let beside = repository.root.parent().unwrap();
        let remote = beside.join("remote.git");
        let remote_text = remote.display().to_string();
        repository.git(&["init", "-q", "--bare", &remote_text]);
        repository.git(&["remote", "add", "origin", &remote_text]);
        repository.git(&["push", "-q", "origin", "main"]);
        repository.poag("app").args(&words).assert().success();
        let programs = beside.join("bin");
        fs::create_dir(&programs).unwrap();
        Self {
            remote,
            programs,
            stage,
        }
    }

    fn land(&self, words: &[&str]) -> (Option<i32>, String, String) {
        let mut path = vec![self.programs.clone()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let mut poag = self.stage.repository.poag("app");
        poag.args(["work", "land", "--pr"]).args(words);
        let output = poag
            .env("PATH", std::env::join_paths(path).unwrap())
            .output();
        let output = output.unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }

    fn on_remote(&self, name: &str) -> String {
        let remote = self.remote.display().to_string();
        let line = self.stage.repository.git(&["ls-remote", &remote, name]);
        line.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

#[test]
fn the_branch_is_pushed_without_force_or_hooks_and_a_pull_request_is_opened_or_its_words_are_said()
{
    let offered = Offered::new();
    let repository = &offered.stage.repository;
    let view = offered.stage.view();
    let tip = view["tip"].as_str().unwrap();
    let branch = format!("poag/{}", view["work"].as_str().unwrap());
    let main = repository.git(&["rev-parse", "main"]);
    let hook = repository.root.join(".git/hooks/pre-push");
    fs::write(&hook, "#!/bin/sh\ntouch ran-a-hook\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();

    // Somebody else has a branch of that name: it stays.
    let remote = offered.remote.display().to_string();
    let other = repository.git(&["commit-tree", "-m", "other", "HEAD^{tree}"]);
    let other = other.trim();
    repository.git(&[
        "push",
        "-q",
        "--no-verify",
        &remote,
        &format!("{other}:refs/heads/{branch}"),
    ]);
    let (code, _, said) = offered.land(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nothing is forced"), "{said}");
    assert_eq!(offered.on_remote(&branch), other);
    repository.git(&[
        "push",
        "-q",
        "--no-verify",
        &remote,
        &format!(":refs/heads/{branch}"),
    ]);

    // A gh that cannot: the branch is there, and the words are said.
    let gh = offered.programs.join("gh");
    let program = |script: &str| {
        fs::write(&gh, script).unwrap();
        fs::set_permissions(&gh, fs::Permissions::from_mode(0o755)).unwrap();
    };
    program("#!/bin/sh\necho 'To get started, please run: gh auth login' >&2\nexit 4\n");
    let (code, _, said) = offered.land(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("gh auth login") && said.contains("gh pr create --head"),
        "{said}"
    );
    assert_eq!(offered.on_remote(&branch), tip);

    let called = offered.programs.join("called");
    program(&GH.replace("CALLED", called.to_str().unwrap()));
    let (code, printed, said) = offered.land(&["--remote", "origin"]);
    assert_eq!(
        (code, printed.as_str()),
        (Some(0), "https://example.org/pull/7\n"),
        "{said}"
    );
    let words = fs::read_to_string(called).unwrap();
    let words: Vec<&str> = words.lines().collect();
    assert_eq!(
        words[..8],
        [
            "pr",
            "create",
            "--head",
            &branch,
            "--base",
            "main",
            "--title",
            "Be polite"
        ]
    );
    let body = fs::read_to_string(words[9]).unwrap();
    for said in [
        "made it polite",
        "grep -q politely src/greet.py",
        "approved by",
        "made with poag",
    ] {
        assert!(body.contains(said), "{body}");
    }
    // Nothing of the person's has moved, and no hook ran.
    assert_eq!(repository.git(&["rev-parse", "main"]), main);
    assert!(!repository.root.join("ran-a-hook").exists());
    assert_eq!(repository.git(&["status", "--porcelain"]), "");

    let (code, _, said) = offered.land(&["--remote", "elsewhere"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("there is no remote 'elsewhere'"), "{said}");
}
