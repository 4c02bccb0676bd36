//! Random edits of a repository: the cached graph is the one that nix evaluates, after each of them.
//!
//! `POAG_RANDOM_EDITS=10000` makes more of them, `POAG_RANDOM_SEED=7` makes others; a failure tells its seed and its edits.

use std::collections::VecDeque;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;

use fastrand::Rng;

use crate::harness::{Repository, text};

/// Files that edits choose from; some are there in the beginning.
const FILES: [&str; 10] = [
    "app/main.py",
    "app/notes.md",
    "app/more.md",
    "app/deep/er/file.txt",
    "base/README.md",
    "base/src/greet.py",
    "base/src/private.py",
    "base/src/third.py",
    "base/inner/text.md",
    "elsewhere.md",
];
const TEXTS: [&str; 5] = ["one\n", "two\n", "six\n", "longer than that\n", ""];

struct Story {
    repository: Repository,
    rng: Rng,
    /// The last edits, for who has to find out.
    told: VecDeque<String>,
    hits: usize,
}

#[test]
fn a_cached_graph_is_the_evaluated_one_after_every_random_edit() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let edits = number("POAG_RANDOM_EDITS").unwrap_or(150);
    let seed = number("POAG_RANDOM_SEED").unwrap_or(1);
    let repository = Repository::family();
    repository.git(&["config", "user.name", "Test"]);
    repository.git(&["config", "user.email", "test@example.org"]);
    let mut story = Story {
        repository,
        rng: Rng::with_seed(seed),
        told: VecDeque::new(),
        hits: 0,
    };
    for edit in 0..edits {
        story.edit();
        story.compare(seed, edit);
    }
    eprintln!("{edits} edits, {} graphs from the cache", story.hits);
    assert!(
        story.hits as u64 * 4 > edits,
        "it hardly ever was the cache that answered"
    );
}

impl Story {
    /// The graph as poag tells it, and whether nix was asked.
    fn poag(&self) -> (Option<Vec<u8>>, bool) {
        let mut poag = self.repository.poag("app");
        let output = poag
            .args(["graph", "--json", "--verbose"])
            .output()
            .unwrap();
        let asked = text(&output.stderr)
            .lines()
            .any(|line| line.starts_with("$ nix"));
        (output.status.success().then_some(output.stdout), asked)
    }

    /// The graph as nix evaluates it now.
    fn nix(&self) -> Option<Vec<u8>> {
        let mut nix = Command::new("nix");
        self.repository.place(&mut nix, "app");
        let flakes = ["--extra-experimental-features", "nix-command flakes"];
        let output = nix
            .args(flakes)
            .args(["eval", "--json", ".#.poag"])
            .output()
            .unwrap();
        output.status.success().then_some(output.stdout)
    }

    fn compare(&mut self, seed: u64, edit: u64) {
        // What was not asked of nix must be what nix says; what was asked is tried again, and may come from the cache.
        for _ in 0..2 {
            let (ours, asked) = self.poag();
            if asked && ours.is_some() {
                continue;
            }
            self.hits += usize::from(!asked);
            assert!(
                ours == self.nix(),
                "seed {seed}, edit {edit}, nix was asked: {asked}, in {}\n{:#?}",
                self.repository.root.display(),
                self.told
            );
            return;
        }
        // Twice from nix: nothing is kept in this state, such as a merge or a submodule.
    }

    fn edit(&mut self) {
        let name = FILES[self.rng.usize(..FILES.len())];
        let other = FILES[self.rng.usize(..FILES.len())];
        let content = TEXTS[self.rng.usize(..TEXTS.len())];
        let turn = self.rng.usize(..31);
        self.told
            .push_back(format!("{turn}: {name} {other} {content:?}"));
        if self.told.len() > 12 {
            self.told.pop_front();
        }
        let path = self.repository.root.join(name);
        match turn {
            0..=4 => self.put(name, content),
            5 => self.same_size_same_time(&path),
            6 => {
                // Away and back within the same second, with nix in between or not.
                let before = fs::read(&path).ok();
                self.put(name, content);
                if self.rng.bool() {
                    self.poag();
                }
                if let (Some(before), true) = (before, path.is_file()) {
                    let _ = fs::write(&path, before);
                }
            }
            7 => {
                if let Ok(file) = fs::File::options().append(true).open(&path) {
                    let _ = file.set_modified(std::time::SystemTime::now());
                }
            }
            8 => self.git(&["add", "--", name]),
            9 => self.git(&["add", "-N", "--", name]),
            10 => self.git(&["add", "-A"]),
            11 => {
                let _ = fs::remove_file(&path);
            }
            12 => self.git(&["rm", "-q", "-f", "--cached", "--", name]),
            13 => self.git(&["mv", "-f", name, other]),
            14 => {
                let _ = fs::rename(&path, self.repository.root.join(other));
            }
            15 => {
                let mode = if self.rng.bool() { 0o755 } else { 0o644 };
                if path.is_file() {
                    let _ = fs::set_permissions(&path, fs::Permissions::from_mode(mode));
                }
            }
            16 => {
                let _ = fs::remove_file(&path);
                let target = ["main.py", "notes.md", "../base", "nowhere"][self.rng.usize(..4)];
                let _ = symlink(target, &path);
            }
            17 => self.lock("app/flake.lock"),
            18 => self.lock("base/poag.lock"),
            19 => self.git(&["commit", "-q", "-a", "-m", "some"]),
            20 => {
                self.git(&["add", "-A"]);
                self.git(&["commit", "-q", "-m", "all"]);
            }
            21 => self.git(&["checkout", "-q", "-f", "HEAD~1"]),
            22 => self.git(&["checkout", "-q", "-f", "main"]),
            23 => {
                let word = ["push", "pop", "drop"][self.rng.usize(..3)];
                self.git(&["stash", word, "-q"]);
            }
            24 => {
                if self.rng.bool() {
                    self.put("base/inner/flake.nix", "{ outputs = _: { }; }\n");
                    self.git(&["add", "-N", "base/inner/flake.nix"]);
                } else {
                    let _ = fs::remove_file(self.repository.root.join("base/inner/flake.nix"));
                }
            }
            25 => {
                let file = ["base/.gitattributes", ".gitattributes"][self.rng.usize(..2)];
                let text = ["* text eol=crlf\n", "*.md binary\n", "* ident\n"][self.rng.usize(..3)];
                if self.rng.bool() {
                    self.put(file, text);
                } else {
                    let _ = fs::remove_file(self.repository.root.join(file));
                }
            }
            26 => {
                let how = ["--hard", "--mixed"][self.rng.usize(..2)];
                self.git(&["reset", "-q", how]);
            }
            27 => {
                let flag = [
                    "--assume-unchanged",
                    "--no-assume-unchanged",
                    "--skip-worktree",
                    "--no-skip-worktree",
                ][self.rng.usize(..4)];
                self.git(&["update-index", flag, name]);
            }
            28 => {
                let mut poag = self.repository.poag("app");
                poag.args(["learn", "--all", "--quiet", "--no-prime"]);
                let _ = poag.output().unwrap();
            }
            29 => {
                let role = format!("role = \"Owns {}.\";", self.rng.u8(..4));
                let file = self.repository.root.join("base/flake.nix");
                let text = fs::read_to_string(&file).unwrap_or_default();
                let lines = text.lines().map(|line| {
                    if line.trim_start().starts_with("role = ") {
                        role.as_str()
                    } else {
                        line
                    }
                });
                let text: Vec<&str> = lines.collect();
                self.put("base/flake.nix", &(text.join("\n") + "\n"));
            }
            _ => {
                let moved = self.repository.root.join("base/moved");
                let src = self.repository.root.join("base/src");
                if moved.is_dir() {
                    let _ = fs::remove_file(&src);
                    let _ = fs::rename(moved, src);
                } else if fs::rename(&src, &moved).is_ok() {
                    let _ = symlink("moved", src);
                }
            }
        }
        // Back to where something can be evaluated, before everything is broken for good.
        if self.rng.u8(..12) == 0 {
            for args in [
                &[
                    "update-index",
                    "--no-skip-worktree",
                    "--no-assume-unchanged",
                    "--",
                    name,
                ][..],
                &["checkout", "-q", "-f", "main"],
                &["clean", "-q", "-d", "-f"],
            ] {
                self.git(args);
            }
            let first = self
                .repository
                .git(&["rev-list", "--max-parents=0", "HEAD"]);
            self.git(&["checkout", "-q", first.trim(), "--", "app", "base"]);
            self.told.push_back("back".into());
        }
    }

    fn put(&self, name: &str, content: &str) {
        let path = self.repository.root.join(name);
        if let Some(folder) = path.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::write(path, content);
    }

    /// Other content that neither size nor the time of modification tells.
    fn same_size_same_time(&self, path: &PathBuf) {
        let (Ok(found), Ok(mut content)) = (fs::metadata(path), fs::read(path)) else {
            return;
        };
        content.reverse();
        if fs::write(path, content).is_ok() {
            let file = fs::File::options().append(true).open(path).unwrap();
            file.set_modified(found.modified().unwrap()).unwrap();
        }
    }

    /// An edit of a lock that may leave it right, stale or broken.
    fn lock(&mut self, name: &str) {
        let Ok(text) = fs::read_to_string(self.repository.root.join(name)) else {
            return;
        };
        let text = match self.rng.usize(..4) {
            0 => text.replacen("  ", "   ", 1),
            1 => text.replacen("sha256 = \"", "sha256 = \"0", 1),
            2 => text.replacen("\"lastModified\": 1", "\"lastModified\": 2", 1),
            _ => format!("{text}\n"),
        };
        self.put(name, &text);
    }

    /// git, which may well refuse.
    fn git(&self, args: &[&str]) {
        let output = Command::new("git")
            .current_dir(&self.repository.root)
            .args(["-c", "commit.gpgsign=false"])
            .args(args)
            .output()
            .unwrap();
        drop(output);
    }
}
