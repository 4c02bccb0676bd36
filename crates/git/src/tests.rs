//! Repositories whose settings want to run something, whatever poag does with them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{intend_to_add, is_tracked, known, staged, tracked, untracked};
use crate::testing::Repository;

/// A repository with a file, every setting of which that can name a program names one that leaves a mark.
struct Hostile {
    made: Repository,
}

impl Hostile {
    fn new() -> Self {
        let made = Repository::new();
        made.write("a.txt", "a\n");
        made.commit("begin");
        let hostile = Self { made };
        let program = hostile.program();
        let script = format!(
            "#!/bin/sh\necho \"$0 $*\" >>'{}'\ncat\n",
            hostile.mark().display()
        );
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let hooks = hostile.made.path().join(".git/evil-hooks");
        fs::create_dir(&hooks).unwrap();
        for hook in ["post-index-change", "fsmonitor-watchman", "pre-commit"] {
            fs::copy(&program, hooks.join(hook)).unwrap();
        }
        let program = program.to_str().unwrap();
        let hooks = hooks.to_str().unwrap();
        let mut config = String::new();
        for (section, settings) in [
            (
                "core",
                &[
                    ("fsmonitor", program),
                    ("hooksPath", hooks),
                    ("pager", program),
                    ("editor", program),
                    ("sshCommand", program),
                    ("alternateRefsCommand", program),
                    ("untrackedCache", "true"),
                ][..],
            ),
            ("diff", &[("external", program)]),
            (
                "filter \"evil\"",
                &[
                    ("clean", program),
                    ("smudge", program),
                    ("required", "true"),
                ],
            ),
            (
                "filter \"worse=evil.x\"",
                &[("process", program), ("required", "true")],
            ),
            (
                "diff \"evil\"",
                &[("textconv", program), ("command", program)],
            ),
            ("credential", &[("helper", program)]),
            (
                "hook \"evil\"",
                &[("command", program), ("event", "post-index-change")],
            ),
        ] {
            config.push_str(&format!("[{section}]\n"));
            for (name, value) in settings {
                config.push_str(&format!("\t{name} = {value}\n"));
            }
        }
        // Settings may be elsewhere, too.
        fs::write(hostile.made.path().join(".git/more"), config).unwrap();
        hostile.made.git(&["config", "include.path", "more"]);
        hostile
            .made
            .git(&["config", "alias.ls-files", &format!("!{program}")]);
        hostile.made.write(
            ".gitattributes",
            "*.txt filter=evil diff=evil\n*.md filter=worse=evil.x\n",
        );
        fs::create_dir_all(hostile.made.path().join(".git/info")).unwrap();
        hostile
            .made
            .write(".git/info/attributes", "*.lock filter=evil\n");
        hostile
    }

    fn path(&self) -> &Path {
        self.made.path()
    }

    fn program(&self) -> std::path::PathBuf {
        self.path().join(".git/evil")
    }

    fn mark(&self) -> std::path::PathBuf {
        self.path().join(".git/ran")
    }

    fn ran(&self) -> String {
        let ran = fs::read_to_string(self.mark()).unwrap_or_default();
        let _ = fs::remove_file(self.mark());
        ran
    }
}

#[test]
fn no_setting_of_a_repository_runs_anything_whatever_git_is_asked() {
    let hostile = Hostile::new();
    let at = hostile.path();
    let own = crate::Git::at(at);
    hostile.made.write("a.txt", "b\n");
    hostile.made.write("new.md", "new\n");
    hostile.made.write("poag.lock", "lock\n");
    assert!(untracked(at).contains(&"new.md".to_owned()));
    assert!(known(at).unwrap().contains("new.md"));
    assert!(is_tracked(&at.join("a.txt")));
    assert!(!is_tracked(&at.join("new.md")));
    assert!(!tracked(at).unwrap().is_empty());
    assert!(!staged(at).unwrap().is_empty());
    assert!(!own.origins().unwrap().is_empty());
    assert_eq!(hostile.ran(), "");
    // So young that git compares contents when it writes the index, and so runs filters.
    for _ in 0..5 {
        hostile.made.write("a.txt", "a\n");
        assert!(intend_to_add(&[at.join("poag.lock"), at.join("new.md")]));
        own.run(
            "trying",
            &["update-index", "--refresh", "-q"],
            Vec::new(),
            99,
        )
        .ok();
        hostile.made.write("a.txt", "c\n");
    }
    assert!(is_tracked(&at.join("poag.lock")));
    assert_eq!(hostile.ran(), "");
    // The same settings do run something where they are let.
    let plain = std::process::Command::new("git")
        .arg("-C")
        .arg(at)
        .args(["-c", "alias.x=", "add", "--all"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&plain.stderr);
    assert!(hostile.ran().contains("evil"), "{said}");
}

#[test]
fn settings_of_the_person_stay_in_force() {
    let made = Repository::new();
    made.write("a", "a");
    made.write(".git/person", "[safe]\n\tdirectory = /somewhere\n");
    made.git(&["config", "core.excludesFile", ".git/ignored"]);
    made.write(".git/ignored", "no\n");
    made.write("no", "x");
    assert_eq!(untracked(made.path()), ["a"]);
}
