//! The dev shell of a flake around the program that thinks for its expert.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};
use std::time::Duration;

use poag::nix::{FlakeRef, Nix, NixError};

use crate::harness::{Repository, flake, text};
use crate::programs::said;

/// Says nothing, and notes its `PATH` and its environment.
const PROGRAM: &str = r#"#!/usr/bin/env sh
printf '%s\n' "$PATH" >>"${0%/*}/paths"
env >>"${0%/*}/env"
greets >>"${0%/*}/env" 2>&1
added >>"${0%/*}/env" 2>&1
cat "${0%/*}/said"
"#;
/// Logs its words, and is nix.
const SHIM: &str = r#"#!/bin/sh
echo "$*" >>"${0%/*}/log"
PATH=${PATH#*:}
exec nix "$@"
"#;

/// A flake with a program that speaks for its expert, and a nix whose words are noted.
struct Shell {
    repository: Repository,
    /// Holds the program and the shim.
    bin: PathBuf,
    /// A folder that the dev shell brings.
    brought: PathBuf,
}

impl Shell {
    /// `more` is what the dev shell has further, where `SYSTEM` stands for its system; none declares no dev
    /// shell.
    fn new(more: Option<&str>) -> Self {
        let repository = Repository::new();
        let beside = repository.root.parent().unwrap().to_owned();
        let (bin, brought) = (beside.join("bin"), beside.join("brought"));
        for folder in [&bin, &brought] {
            fs::create_dir(folder).unwrap();
        }
        program(&bin.join("thinks"), PROGRAM);
        program(&bin.join("nix"), SHIM);
        fs::write(bin.join("said"), said().to_string()).unwrap();
        let shell = Self {
            repository,
            bin,
            brought,
        };
        let declared = more.map_or(String::new(), |more| shell.declared(more));
        let text = flake("base", "", &format!("role = \"Owns it.\";\n{declared}"));
        shell.repository.write("base/flake.nix", &text);
        shell.repository.commit("begin");
        shell
    }

    fn declared(&self, more: &str) -> String {
        let systems = [
            "x86_64-linux",
            "aarch64-linux",
            "x86_64-darwin",
            "aarch64-darwin",
        ];
        let shells = systems.map(|system| {
            format!(
                r#"{system}.default = derivation {{
                    name = "shell"; system = "{system}"; builder = "/bin/bash"; outputs = [ "out" ];
                    PATH = "{}:not-absolute:/usr/bin:/bin"; shellHook = "touch {}"; {}
                }};"#,
                self.brought.display(),
                self.hooked().display(),
                more.replace("SYSTEM", system),
            )
        });
        format!("outputs.devShells = {{ {} }};", shells.concat())
    }

    /// What the shell's hook would make.
    fn hooked(&self) -> PathBuf {
        self.brought.join("hooked")
    }

    fn ask(&self, words: &[&str], env: &[(&str, &str)]) -> Output {
        let mut process = Process::new(assert_cmd::cargo::cargo_bin!("poag"));
        self.repository.place(&mut process, "base");
        let mut path = vec![self.bin.clone()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let output = process
            .env("PATH", std::env::join_paths(path).unwrap())
            .envs(env.iter().copied())
            .args([
                "ask",
                "--json",
                "--backend",
                "command",
                "--agent-command",
                "thinks",
            ])
            .args(words)
            .arg("Anything?")
            .output()
            .unwrap();
        assert!(!self.paths().is_empty(), "{}", text(&output.stderr));
        output
    }

    /// The `PATH`s that the program had, one for each turn.
    fn paths(&self) -> Vec<Vec<PathBuf>> {
        let paths = fs::read_to_string(self.bin.join("paths")).unwrap_or_default();
        let folders = |path: &str| std::env::split_paths(path).collect();
        paths.lines().map(folders).collect()
    }

    /// How often nix was started since the last time.
    fn nixes(&self) -> usize {
        let log = self.bin.join("log");
        let words = fs::read_to_string(&log).unwrap_or_default();
        let _ = fs::remove_file(log);
        words.lines().count()
    }
}

fn program(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_dev_shell_is_around_its_program_and_its_hook_does_not_run() {
    let shell = Shell::new(Some(""));
    // The flake must not bring the program itself, nor what runs it.
    for name in ["thinks", "sh"] {
        program(&shell.brought.join(name), "#!/bin/sh\nexit 9\n");
    }
    shell.ask(&[], &[]);
    let poag = assert_cmd::cargo::cargo_bin!("poag");
    let paths = shell.paths();
    assert_eq!(paths[0][0], poag.parent().unwrap());
    let at = |folder: &Path| paths[0].iter().position(|one| one == folder).unwrap();
    for own in std::env::split_paths(&std::env::var_os("PATH").unwrap()) {
        if own.is_absolute() {
            assert!(at(&own) < at(&shell.brought), "{own:?}: {:?}", paths[0]);
        }
    }
    assert!(at(&shell.bin) < at(&shell.brought), "{:?}", paths[0]);
    assert!(!paths[0].iter().any(|folder| folder.is_relative()));
    assert!(!shell.hooked().exists());
    let lock = shell.repository.git(&["status", "--porcelain", "--", "."]);
    assert!(!lock.contains("hooked"), "{lock}");

    // Known the second time: one nix for the graph.
    assert!(shell.nixes() > 1);
    shell.ask(&[], &[]);
    assert_eq!(shell.nixes(), 1);
    assert_eq!(shell.paths().last(), paths.first());

    // What it named may be gone, for instance collected as garbage.
    fs::remove_dir_all(&shell.brought).unwrap();
    shell.ask(&[], &[]);
    assert!(shell.nixes() > 1);
    assert!(!shell.paths().last().unwrap().contains(&shell.brought));
}

#[test]
fn a_dev_shell_adds_programs_and_takes_the_place_of_none() {
    // As if it changed what programs of the person do, too.
    let shell = Shell::new(Some(
        r#"NODE_OPTIONS = "--require=evil"; PYTHONPATH = "/evil"; PERL5LIB = "/evil"; GIT_EXTERNAL_DIFF = "evil";
           GIT_CONFIG_GLOBAL = "/evil"; RUSTC_WRAPPER = "evil"; BASH_ENV = "/evil"; ENV = "/evil"; PAGER = "evil";
           PROMPT_COMMAND = "evil"; LD_LIBRARY_PATH = "/evil";"#,
    ));
    program(
        &shell.bin.join("greets"),
        "#!/bin/sh\necho greets the person\n",
    );
    for name in ["greets", "added", "cat", "git", "nix"] {
        let text = format!("#!/bin/sh\necho {name} of the repository\n");
        program(&shell.brought.join(name), &text);
    }
    // A folder that is not absolute would be one of the flake.
    let mut path = vec![PathBuf::from(""), PathBuf::from("bin"), shell.bin.clone()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let path = std::env::join_paths(path).unwrap();
    shell.ask(&[], &[("PATH", path.to_str().unwrap())]);
    let env = fs::read_to_string(shell.bin.join("env")).unwrap();
    assert!(
        env.contains("greets the person\nadded of the repository\n"),
        "{env}"
    );
    assert!(
        !env.contains("evil") && env.matches("of the repository").count() == 1,
        "{env}"
    );
    for folder in &shell.paths()[0] {
        assert!(folder.is_absolute(), "{folder:?}");
    }
}

#[test]
fn whoever_wants_no_dev_shell_has_none() {
    let shell = Shell::new(Some(""));
    shell.ask(&["--no-dev-shell"], &[]);
    shell.ask(&[], &[("POAG_DEV_SHELL", "0")]);
    assert_eq!(shell.nixes(), 2);
    for path in shell.paths() {
        assert_eq!(path[0], shell.bin);
        assert!(!path.contains(&shell.brought));
    }
}

#[test]
fn a_flake_without_a_dev_shell_starts_no_further_nix() {
    let shell = Shell::new(None);
    shell.ask(&[], &[]);
    assert_eq!(shell.nixes(), 1);
    assert_eq!(shell.paths()[0][0], shell.bin);
}

#[test]
fn a_dev_shell_of_another_system_is_none_and_that_is_known_the_second_time() {
    let shell = Shell::new(Some(""));
    let text = shell.repository.read("base/flake.nix");
    let other = text
        .replace("x86_64-", "riscv64-")
        .replace("aarch64-", "armv7l-");
    shell.repository.write("base/flake.nix", &other);
    for _ in 0..2 {
        let output = shell.ask(&[], &[]);
        assert!(
            !text_of(&output).contains("without the dev shell"),
            "{}",
            text_of(&output)
        );
        assert_eq!(shell.paths()[0][0], shell.bin);
    }
    shell.nixes();
    shell.ask(&[], &[]);
    assert_eq!(shell.nixes(), 1);
}

#[test]
fn a_broken_dev_shell_is_a_note() {
    let shell = Shell::new(Some("what = throw \"it is broken\";"));
    let output = shell.ask(&[], &[]);
    let said = text_of(&output);
    assert!(said.contains("it is broken"), "{said}");
    assert_eq!(said.matches("without the dev shell").count(), 1, "{said}");
    assert_eq!(shell.paths()[0][0], shell.bin);
    assert!(!text_of(&shell.ask(&["--quiet"], &[])).contains("dev shell"));
}

#[test]
fn nix_that_is_not_waited_for_leaves_nothing_behind() {
    let mark = format!("31{:08}", std::process::id());
    let shell = Shell::new(Some(&format!(
        r#"slow = derivation {{
            name = "slow-{mark}"; system = "SYSTEM"; builder = "/bin/sh";
            args = [ "-c" "/bin/sleep {mark}; :" ];
        }};"#
    )));
    let here = FlakeRef::around(&shell.repository.root.join("base")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let nix = Nix::default();
    let made = runtime.block_on(nix.dev_path(&here, Duration::from_secs(5)));
    assert!(matches!(made, Err(NixError::Slow { .. })), "{made:?}");
    for _ in 0..500 {
        if !sleeps(&mark) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("what nix builds with goes on");
}

fn sleeps(mark: &str) -> bool {
    let words = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).unwrap_or_default();
    let mut all = fs::read_dir("/proc").unwrap().flatten().map(words);
    all.any(|words| String::from_utf8_lossy(&words).contains(&format!("sleep\0{mark}")))
}

fn text_of(output: &Output) -> String {
    text(&output.stderr)
}
