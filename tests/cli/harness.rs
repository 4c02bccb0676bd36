//! Temporary repositories of flakes, and the programs that are run in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use assert_cmd::Command;
use poag::ledger::{Filter, Ledger as _, SqliteLedger};
use tempfile::TempDir;

use served::ServedRepository;

// In whichever folder the tests lie that use all of this.
#[path = "served.rs"]
pub mod served;

/// A committer for repositories that have none.
const IDENTITY: [&str; 6] = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.org",
    "-c",
    "commit.gpgsign=false",
];

/// A git repository with flakes in it, and private folders for poag's cache and state.
pub struct Repository {
    temp: TempDir,
    /// The repository's root.
    pub root: PathBuf,
    /// What does what `poag` is asked, in a test that goes through a server.
    server: OnceLock<ServedRepository>,
}

impl Repository {
    /// An empty repository.
    pub fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap().join("repo");
        fs::create_dir(&root).unwrap();
        let server = OnceLock::new();
        let repository = Self { temp, root, server };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    /// Two flakes that have learned and are committed: `app` needs the contract `greet` of `base`.
    pub fn family() -> Self {
        let repository = Self::unlearned();
        repository
            .poag_here("app")
            .args(["learn", "--all"])
            .assert()
            .success();
        repository.commit("learn");
        repository
    }

    /// The same two flakes before they learned.
    pub fn unlearned() -> Self {
        let repository = Self::new();
        repository.write(
            "base/flake.nix",
            &flake(
                "base",
                "",
                r#"
            role = "Owns the greeting.";
            provides.greet = { summary = "greet(name) -> text"; files = [ "src/greet.py" ]; };
        "#,
            ),
        );
        repository.write("base/src/greet.py", "def greet(name):\n    \"\"\"Says hello to a person.\"\"\"\n    return prefix() + name\n");
        repository.write(
            "base/src/private.py",
            "def prefix():\n    return 'Hello, '\n",
        );
        repository.write("base/README.md", "# base\n\nCall `greet(name)`.\n");
        repository.write(
            "app/flake.nix",
            &flake(
                "app",
                "base",
                r#"
            role = "Owns the program.";
            neighbors.base = { expert = base.poag; needs.greet = "the text that is printed"; };
        "#,
            ),
        );
        repository.write(
            "app/main.py",
            "from greet import greet\n\nprint(greet('World'))\n",
        );
        repository.write("app/notes.md", "# Notes\n\nNothing yet.\n");
        repository.commit("begin");
        repository
    }

    /// A clone of what is committed, as another person has it.
    pub fn fresh_clone(&self) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap().join("repo");
        let target = root.to_str().unwrap();
        self.git(&["clone", "-q", ".", target]);
        let server = OnceLock::new();
        Self { temp, root, server }
    }

    /// Writes a file, with the folders it needs.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Replaces text that must be there.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, &text.replace(from, to));
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Runs git at the root and expects success.
    pub fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(&self.root)
            .args(IDENTITY)
            .args(args)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "git {args:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// What is committed here, cloned into a repository of its own.
    pub fn clone_of(&self) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().canonicalize().unwrap().join("repo");
        let to = root.to_str().unwrap();
        self.git(&["clone", "-q", ".", to]);
        let server = OnceLock::new();
        Self { temp, root, server }
    }

    /// poag, to be started in a folder of the repository; in a test that goes through a server, with one that does it.
    pub fn poag(&self, folder: &str) -> Command {
        let mut command = self.poag_here(folder);
        if served::is_wanted() {
            command.env("POAG_SERVER", self.served(folder, &[]).socket());
        }
        command
    }

    /// poag, to do it on this machine.
    pub fn poag_here(&self, folder: &str) -> Command {
        let mut process = std::process::Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.place(&mut process, folder);
        Command::from_std(process)
    }

    /// The server of this repository, started now with these words where it is not there yet.
    pub fn served(&self, folder: &str, words: &[&str]) -> &ServedRepository {
        self.server
            .get_or_init(|| ServedRepository::start(self, folder, words))
    }

    /// A folder outside of the repository that goes with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// nix with flakes, to be started in a folder of the repository; `nixw` stands in for nixpkgs
    /// where it cannot be reached.
    pub fn nix(&self, folder: &str, args: &[&str]) -> Output {
        let nixw = Path::new(env!("CARGO_MANIFEST_DIR")).join("nixw");
        let mut process = std::process::Command::new(nixw);
        self.place(&mut process, folder);
        process.args(args).output().unwrap()
    }

    /// The verdicts of `poag check` and of `nix flake check` on one flake, which must be the same:
    /// none when fresh, else the text.
    pub fn verdict(&self, folder: &str) -> Option<String> {
        let check = self
            .poag(folder)
            .args(["check", "--quiet"])
            .output()
            .unwrap();
        let flake_check = self.nix(folder, &["flake", "check"]);
        let nix_says = text(&flake_check.stderr);
        match check.status.code() {
            Some(0) => {
                assert!(
                    flake_check.status.success(),
                    "poag says fresh, nix says:\n{nix_says}"
                );
                None
            }
            Some(3) => {
                let verdict = text(&check.stdout);
                let tail = squeeze(&nix_says);
                assert!(
                    !flake_check.status.success(),
                    "poag says:\n{verdict}but nix passes"
                );
                assert!(
                    tail.ends_with(&squeeze(&verdict)),
                    "poag says:\n{verdict}nix says:\n{nix_says}"
                );
                Some(verdict)
            }
            other => panic!("poag check ended with {other:?}: {}", text(&check.stderr)),
        }
    }

    /// A PATH with nix and git and nothing else.
    pub fn bare_path(&self) -> PathBuf {
        let bare = self.temp.path().join("bare");
        fs::create_dir_all(&bare).unwrap();
        let path = std::env::var_os("PATH").unwrap();
        for program in ["nix", "git"] {
            let mut folders = std::env::split_paths(&path).map(|folder| folder.join(program));
            let found = folders.find(|file| file.is_file()).unwrap();
            let _ = std::os::unix::fs::symlink(found, bare.join(program));
        }
        bare
    }

    /// Where poag keeps its ledger for this repository.
    pub fn state(&self) -> PathBuf {
        self.temp.path().join("state")
    }

    /// Puts a process into a folder of the repository, with poag's private folders.
    pub fn place(&self, process: &mut std::process::Command, folder: &str) {
        process
            .current_dir(self.root.join(folder))
            .env("POAG_CACHE_DIR", self.temp.path().join("cache"))
            .env("POAG_STATE_DIR", self.state())
            .env_remove("POAG_SERVER")
            .env_remove("POAG_APP_DIR")
            .env_remove("POAG_APP_EXPERT");
    }
}

impl Drop for Repository {
    /// Every test of a work ends with this: each branch that was made for it landed, is pending or abandoned.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.audit();
        }
    }
}

impl Repository {
    fn audit(&self) {
        let database = self.state().join("ledger.sqlite");
        if !database.is_file() || !self.root.join(".git").exists() {
            return;
        }
        // What another version wrote, or a test broke, has no works.
        let filter = Filter {
            kind: Some("work"),
            ..Filter::default()
        };
        let works = SqliteLedger::open(&database).and_then(|ledger| ledger.streams(&filter));
        for work in works.unwrap_or_default() {
            let mut poag = self.poag("");
            let output = poag.args(["work", "audit", "--json", &work.id]).output();
            let output = output.unwrap();
            let rows: Option<serde_json::Value> = serde_json::from_slice(&output.stdout).ok();
            let Some(serde_json::Value::Array(rows)) = rows else {
                panic!("no audit: {}", text(&output.stderr))
            };
            for row in rows {
                let known = ["landed", "pending", "abandoned"].map(serde_json::Value::from);
                assert!(known.contains(&row["fate"]), "{row}");
            }
        }
    }
}

/// A flake.nix that declares one expert, with at most one neighbour beside it.
pub fn flake(name: &str, neighbor: &str, declaration: &str) -> String {
    let input = if neighbor.is_empty() {
        String::new()
    } else {
        format!(
            "inputs.{neighbor} = {{ url = \"path:../{neighbor}\"; inputs.poag.follows = \"poag\"; }};"
        )
    };
    format!(
        "{{\n  inputs.poag.url = \"{}\";\n  {input}\n  outputs = {{ poag, {neighbor}{} ... }}: poag.lib.mkPoagFlake {{\n    name = \"{name}\";\n    src = ./.;\n    {declaration}\n  }};\n}}\n",
        poag_url(),
        if neighbor.is_empty() { "" } else { "," },
    )
}

/// A flake reference of this checkout as committed content: made once, found again by content.
pub fn poag_url() -> String {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(kept_checkout).clone()
}

fn kept_checkout() -> String {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"));
    // git knows the content of what it has read; only what was changed since is read here.
    let mut key = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(&listed(checkout, &["--stage"]), &mut key);
    let changed = ["--modified", "--others", "--exclude-standard"];
    for file in names(&listed(checkout, &changed)) {
        let content = fs::read(checkout.join(file)).ok();
        std::hash::Hash::hash(&(file, content), &mut key);
    }
    let shelf = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let place = shelf.join(format!("poag-{:016x}", std::hash::Hasher::finish(&key)));
    if !place.exists() {
        let temp = tempfile::tempdir_in(shelf).unwrap();
        let all = listed(checkout, &["--cached", "--others", "--exclude-standard"]);
        for file in names(&all).filter(|name| checkout.join(name).is_file()) {
            let target = temp.path().join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(checkout.join(file), target).unwrap();
        }
        for args in [
            &["init", "-q"][..],
            &["add", "-A"],
            &["commit", "-q", "-m", "poag"],
        ] {
            Command::new("git")
                .current_dir(temp.path())
                .args(IDENTITY)
                .args(args)
                .assert()
                .success();
        }
        // Another test process may have been faster: its copy is as good.
        let _ = fs::rename(temp.path(), &place);
    }
    format!("git+file://{}", place.display())
}

/// What git lists of the checkout, relative to it, each with a zero behind it.
fn listed(checkout: &Path, options: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(checkout)
        .args(["ls-files", "-z"])
        .args(options)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn names(listed: &str) -> impl Iterator<Item = &str> {
    listed.split('\0').filter(|name| !name.is_empty())
}

/// Bytes of a program as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Text without the indentation that nix adds to each line of an error.
fn squeeze(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
