//! Stands between poag and an agent's process: when poag ends, however it ends, nothing that the agent
//! started goes on.
//!
//! poag holds an exclusive lock on a file, the leash. Whoever waits for that lock gets it only when poag let
//! go, or has ended. How the processes of the agent are then found is its [`Containment`].

#![expect(
    clippy::disallowed_methods,
    reason = "the guard itself; the guard itself, which becomes the program"
)]

#[cfg(target_os = "linux")]
mod cgroup;
#[cfg(target_os = "linux")]
mod namespace;
pub(super) mod walk;
#[cfg(target_os = "linux")]
mod wall;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The word after the program's name that makes it a guard.
pub const VERB: &str = "guard-an-agent";
/// The word for a guard that builds a wall around itself, and becomes the program:
/// `COUNT FOLDERS… BYTES network|no-network PROGRAM ARGS…`.
pub(super) const WALL: &str = "wall";
/// The word for a guard that only tries whether a wall can be had.
const WALL_PROBE: &str = "wall-probe";
/// The file in a workplace that poag has locked, and the beginning of the names of those of its programs.
pub const LEASH: &str = "leash";
/// `0` leaves PID namespaces alone, for a machine on which an agent does not work in one.
pub const SWITCH: &str = "POAG_PID_NAMESPACE";
/// The beginning of the names of files, beside workplaces, that a guard has locked for as long as it lives.
pub(super) const ALIVE: &str = "alive-";
/// Exit code for a child that could not be started, as shells have it.
const NOT_STARTED: u8 = 127;
/// Exit code of a guard whose poag has ended.
const LET_GO: i32 = 130;
/// Exit code for a child that was ended by a signal.
const KILLED: u8 = 137;

/// How the processes that an agent starts are ended together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Containment {
    /// They are alone in a PID namespace, which the kernel empties when its first process ends. They see no
    /// other process, and can signal none.
    Namespace,
    /// The guard looks for them in `/proc`, among its descendants, and in a control group where it can make
    /// one. An agent that kills both its guard and poag leaves processes behind.
    Walk,
}

impl Containment {
    /// The best that this machine has. It is tried, once in the life of this process, by running `guard`,
    /// which is the program of poag.
    #[must_use]
    pub fn best(guard: &Path) -> Self {
        static BEST: OnceLock<Containment> = OnceLock::new();
        *BEST.get_or_init(|| {
            let off = std::env::var_os(SWITCH).is_some_and(|switch| switch == "0");
            match !off && namespace_works(guard) {
                true => Self::Namespace,
                false => Self::Walk,
            }
        })
    }

    /// The word that tells a guard.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Walk => "walk",
        }
    }
}

/// The word for whether a program within a wall may use TCP.
pub(super) fn network_word(network: bool) -> &'static str {
    match network {
        true => "network",
        false => "no-network",
    }
}

/// Whether the kernel has a wall for `guard`, which is the program of poag: it is tried.
#[cfg(target_os = "linux")]
pub(super) fn wall_works(guard: &Path) -> bool {
    probed(guard, &[VERB.as_ref(), WALL_PROBE.as_ref()])
}

/// Whether that wall can also refuse TCP.
#[cfg(target_os = "linux")]
pub(super) fn network_wall_works(guard: &Path) -> bool {
    let within = [VERB, WALL, "1", "/dev/null", "1", network_word(false)].map(OsStr::new);
    let then = [guard.as_os_str(), VERB.as_ref(), WALL_PROBE.as_ref()];
    probed(guard, &[&within[..], &then].concat())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn network_wall_works(_: &Path) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn probed(guard: &Path, words: &[&OsStr]) -> bool {
    let tried = Command::new(guard)
        .args(words)
        .env_clear()
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn wall_works(_: &Path) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn namespace_works(guard: &Path) -> bool {
    namespace::works(guard)
}

#[cfg(not(target_os = "linux"))]
fn namespace_works(_: &Path) -> bool {
    false
}

/// Runs `HOW LEASH PROGRAM ARGS…`: the arguments after [`VERB`].
#[must_use]
pub fn main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let how = args.next().unwrap_or_default();
    #[cfg(target_os = "linux")]
    match how.to_str() {
        Some(namespace::PROBE) => return namespace::probe(),
        Some(namespace::PROBED) => return namespace::probed(),
        Some(WALL) => return wall::run(args),
        Some(WALL_PROBE) => return wall::probe(),
        _ => {}
    }
    let (Some(leash), Some(program)) = (args.next().map(PathBuf::from), args.next()) else {
        return not_for_people();
    };
    // In a session of its own, an agent has no terminal to write to and is not reached by Ctrl-C.
    let _ = rustix::process::setsid();
    match how.to_str() {
        #[cfg(target_os = "linux")]
        Some(namespace::INIT) => namespace::init(leash, &program, args),
        #[cfg(target_os = "linux")]
        Some("namespace") => match alive(&leash) {
            Some(_alive) => namespace::guard(&leash, &program, args),
            None => let_go_before(&leash),
        },
        Some("walk") => match alive(&leash) {
            Some(_alive) => walking(leash, &program, args),
            None => let_go_before(&leash),
        },
        _ => not_for_people(),
    }
}

/// Says that this guard lives, for as long as what is given does: whoever waits for what a poag that ended had started looks
/// at its lock. None where poag has let go already: then nothing is started any more, so that who saw no lock was right.
fn alive(leash: &Path) -> Option<Alive> {
    let alive = alive_beside(leash).and_then(|path| {
        let file = File::create(&path).ok()?;
        file.lock().ok()?;
        Some(Alive(Some((path, file))))
    });
    let leash = File::open(leash).ok()?;
    match leash.try_lock_shared() {
        Ok(()) => None,
        // Where the file could not be made, nobody knows of this guard, and it does its work all the same.
        Err(_) => Some(alive.unwrap_or_default()),
    }
}

/// Where the guard of a leash says that it lives; none where a leash has no such place.
pub(super) fn alive_beside(leash: &Path) -> Option<PathBuf> {
    let workplace = leash.parent()?;
    let (turn, leash) = (workplace.file_name()?, leash.file_name()?);
    let name = format!("{ALIVE}{}-{}", turn.to_str()?, leash.to_str()?);
    Some(workplace.parent()?.join(name))
}

/// A guard's word that it lives. Dropped, it is taken back.
#[derive(Default)]
struct Alive(Option<(PathBuf, File)>);

impl Drop for Alive {
    fn drop(&mut self) {
        if let Some((path, _)) = &self.0 {
            // Gone while still locked. One that stays behind is removed by the next poag.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn let_go_before(leash: &Path) -> ExitCode {
    if let Some(workplace) = leash.parent() {
        remove_if_left(workplace);
    }
    ExitCode::from(u8::try_from(LET_GO).unwrap_or(1))
}

/// Says something on the guard's standard error, which poag reads.
#[expect(
    clippy::disallowed_methods,
    reason = "a guard is a process of its own, and all it says is its standard error"
)]
fn say(line: &str) {
    let line = poag_core::clean::clean(line);
    // Where standard error is closed, nobody is there to be told.
    let _ = writeln!(io::stderr(), "{line}");
}

fn not_for_people() -> ExitCode {
    say(&format!(
        "poag {VERB} is for poag's own use\nrepair: see `poag --help`"
    ));
    ExitCode::from(2)
}

fn not_started(program: &OsString, error: &io::Error) -> ExitCode {
    say(&format!(
        "cannot start {}: {error}",
        Path::new(program).display()
    ));
    ExitCode::from(NOT_STARTED)
}

/// Guards by looking for processes: see [`Containment::Walk`].
fn walking(leash: PathBuf, program: &OsString, args: impl Iterator<Item = OsString>) -> ExitCode {
    walk::adopt_orphans();
    let workplace = leash.parent().map(Path::to_owned).unwrap_or_default();
    let waiting = workplace.clone();
    std::thread::spawn(move || {
        let alive = alive_beside(&leash);
        wait_for(&leash);
        let _held = busy();
        end_everything();
        remove_if_left(&waiting);
        if let Some(alive) = alive {
            let _ = std::fs::remove_file(alive);
        }
        std::process::exit(LET_GO);
    });
    let starting = busy();
    let (child, group) = walk::around(|| Command::new(program).args(args).spawn());
    GROUP.get_or_init(|| group);
    drop(starting);
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return not_started(program, &error),
    };
    let status = child.wait();
    let _held = busy();
    // What it left running in the background is over with it.
    end_everything();
    remove_if_left(&workplace);
    match status.ok().and_then(|status| status.code()) {
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        None => ExitCode::from(KILLED),
    }
}

/// The control group of the agent, where there is one.
static GROUP: OnceLock<Option<walk::Group>> = OnceLock::new();

/// Ends what the agent has started.
fn end_everything() {
    let group = GROUP.get().and_then(Option::as_ref);
    if let Some(group) = group {
        group.end();
    }
    walk::end_all_below();
    if let Some(group) = group {
        group.remove();
    }
}

/// Held while the child is started and while everything is ended: nothing is started behind the back of
/// who ends it, and nobody leaves while another still cleans up.
fn busy() -> MutexGuard<'static, ()> {
    static BUSY: Mutex<()> = Mutex::new(());
    BUSY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns when poag let go: its lock is gone, or the whole workplace.
fn wait_for(leash: &Path) {
    let Ok(leash) = File::open(leash) else {
        return;
    };
    while let Err(error) = leash.lock_shared() {
        if error.kind() != io::ErrorKind::Interrupted {
            return;
        }
    }
}

/// Removes a workplace whose poag is gone.
fn remove_if_left(workplace: &Path) {
    let leash = File::open(workplace.join(LEASH));
    if leash.is_ok_and(|leash| leash.try_lock().is_ok()) {
        // Fails where poag is just removing it itself.
        let _ = std::fs::remove_dir_all(workplace);
    }
}
