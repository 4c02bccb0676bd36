//! Servers for tests that go through one.

use std::cell::Cell;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::Repository;

thread_local! {
    static WANTED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a test whose `Repository::poag` names a server.
pub fn through_a_server(test: fn()) {
    WANTED.set(true);
    test();
}

/// Whether this test goes through a server.
pub fn is_wanted() -> bool {
    WANTED.get()
}

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server of all flakes of a repository, on a unix socket.
pub struct ServedRepository {
    child: Child,
    socket: PathBuf,
}

impl ServedRepository {
    /// Starts it in a folder of the repository; that folder's flake is the first.
    pub fn start(repository: &Repository, folder: &str, words: &[&str]) -> Self {
        let socket = repository.beside("served/s");
        fs::create_dir_all(socket.parent().unwrap()).unwrap();
        let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
        repository.place(&mut process, folder);
        let child = process
            .args(["serve", "--no-tcp", "--socket"])
            .arg(&socket)
            .args(words)
            .args(flakes(&repository.root))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, socket };
        let until = Instant::now() + PATIENCE;
        while UnixStream::connect(&server.socket).is_err() {
            assert!(Instant::now() < until, "it does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// One that was started otherwise, and listens there.
    pub fn of(child: Child, socket: &Path) -> Self {
        let socket = socket.to_owned();
        Self { child, socket }
    }

    /// Ends it as a service manager does, and waits.
    pub fn stop(mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        assert!(self.child.wait().unwrap().success());
    }

    /// Where it listens.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

impl Drop for ServedRepository {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folders at and below the root that hold a flake.
fn flakes(root: &Path) -> Vec<PathBuf> {
    let below = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = std::iter::once(root.to_owned()).chain(below).collect();
    all.retain(|folder| folder.join("flake.nix").is_file());
    all.sort();
    all
}
