use std::collections::BTreeMap;
use std::fs;

use super::*;

/// A machine: variables, and a folder with files of settings.
struct Machine {
    folder: tempfile::TempDir,
    variables: BTreeMap<&'static str, String>,
    root: bool,
}

impl Machine {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: BTreeMap::new(),
            root: true,
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    fn file(self, name: &str, text: &str) -> Self {
        fs::write(self.at(name), text).unwrap();
        self
    }

    fn setup(&self) -> NixSetup {
        let seen = Seen {
            variable: &|name| self.variables.get(name).map(OsString::from),
            files: SettingsFiles {
                system: self.at("system.conf"),
                users: vec![self.at("first.conf"), self.at("second.conf")],
            },
            data: Some(self.at("data")),
            usual: self.at("nix"),
            root: self.root,
        };
        NixSetup::of(&seen)
    }
}

fn value<'s>(setup: &'s NixSetup, name: &str) -> Option<&'s str> {
    let mut found = setup.variables.iter().filter(|(one, _)| *one == name);
    found.next().map(|(_, value)| value.to_str().unwrap())
}

#[test]
fn settings_with_keys_do_not_come_along_and_all_others_do() {
    let machine = Machine::new()
        .file("second.conf", "cores = 1\nnetrc-file = /x\n")
        .file("more.conf", "access-tokens = github.com=abc\nmax-jobs = 3 # all\n")
        .file("first.conf", "!include more.conf\ninclude gone.conf\ncores = 2\n")
        .with(
            "NIX_CONFIG",
            "sandbox = true\nsecret-key-files = /y\ntrusted-public-keys = a\nexperimental-features = x",
        );
    let setup = machine.setup();
    assert_eq!(
        value(&setup, "NIX_CONFIG")
            .unwrap()
            .lines()
            .collect::<Vec<_>>(),
        [
            "cores = 1",
            "max-jobs = 3",
            "cores = 2",
            "sandbox = true",
            "trusted-public-keys = a",
            "experimental-features = x",
            "extra-experimental-features = nix-command flakes",
        ]
    );
}

#[test]
fn a_file_that_includes_itself_comes_to_an_end() {
    let machine = Machine::new().file("first.conf", "include first.conf\ncores = 2\n");
    let setup = machine.setup();
    assert!(
        value(&setup, "NIX_CONFIG")
            .unwrap()
            .starts_with("cores = 2\n")
    );
}

#[test]
fn a_store_elsewhere_is_written_where_it_lies() {
    let machine = Machine::new()
        .with("NIX_STORE_DIR", "/own/store")
        .with("NIX_STATE_DIR", "/own/state")
        .with("NIX_LOG_DIR", "/own/log")
        .with("NIX_PATH", "");
    let setup = machine.setup();
    let expected = ["/own/store", "/own/state", "/own/log"].map(PathBuf::from);
    assert_eq!(setup.writable[0], machine.at("nix"));
    assert_eq!(setup.writable[1..], expected);
    assert_eq!(value(&setup, "NIX_STORE_DIR"), Some("/own/store"));
    assert_eq!(value(&setup, "NIX_LOG_DIR"), Some("/own/log"));
    assert_eq!(value(&setup, "NIX_REMOTE"), None);
    assert_eq!(value(&setup, "NIX_PATH"), None);
}

#[test]
fn a_daemon_writes_for_us_where_it_listens() {
    let machine = Machine::new();
    fs::create_dir_all(machine.at("nix/var/nix/daemon-socket")).unwrap();
    fs::write(machine.at("nix/var/nix/daemon-socket/socket"), "").unwrap();
    let setup = machine.setup();
    assert_eq!(value(&setup, "NIX_REMOTE"), Some("daemon"));
    assert!(setup.writable.is_empty());
    // A person who goes past it may do so.
    let machine = machine.with("NIX_REMOTE", "local");
    let setup = machine.setup();
    assert_eq!(value(&setup, "NIX_REMOTE"), Some("local"));
    assert_eq!(setup.writable, [machine.at("nix")]);
}

#[test]
fn a_store_that_is_named_is_written_only_if_nix_opens_it_itself() {
    let writable = |machine: Machine| machine.setup().writable;
    let remote = |named: &str| writable(Machine::new().with("NIX_REMOTE", named));
    assert_eq!(remote("/own/root"), [PathBuf::from("/own/root")]);
    assert_eq!(remote("local:///own/root"), [PathBuf::from("/own/root")]);
    assert_eq!(
        remote("local?root=/own/a%20b&state=/own/state"),
        ["/own/a b", "/own/state"].map(PathBuf::from)
    );
    for other in [
        "daemon",
        "unix:///run/nix",
        "ssh-ng://builder",
        "https://cache",
    ] {
        assert!(remote(other).is_empty(), "{other}");
    }
    // What files say counts more than the variable, and those of the person more than those of the machine.
    let machine = Machine::new()
        .file("system.conf", "store = /system\n")
        .with("NIX_REMOTE", "daemon");
    assert_eq!(writable(machine), [PathBuf::from("/system")]);
    let machine = Machine::new()
        .file("system.conf", "store = /system\n")
        .file("second.conf", "store = /second\n")
        .file("first.conf", "store = /first\n");
    assert_eq!(writable(machine), [PathBuf::from("/first")]);
}

#[test]
fn a_store_below_the_home_of_a_person_is_named_by_its_path() {
    let mut machine = Machine::new();
    machine.root = false;
    let root = machine.at("data/root");
    let setup = machine.setup();
    assert_eq!(value(&setup, "NIX_REMOTE"), root.to_str());
    assert_eq!(setup.writable, [root]);
    // Not where there is a store in the usual place, and not for a person who can make one.
    fs::create_dir_all(machine.at("nix/var/nix")).unwrap();
    assert_eq!(machine.setup().writable, [machine.at("nix")]);
    assert_eq!(Machine::new().setup().variables.len(), 1);
}
