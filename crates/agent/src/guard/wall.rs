//! Landlock around an agent: see landlock(7). poag takes the right to write from itself, but for a few folders, and becomes
//! the program; what that starts inherits it, and nobody can take it back.
//!
//! Everything may be read: which files an agent may read is for its backend to hold to. Mounting is refused within, too.
//! TCP can be refused beside: connecting and listening, to every port. Landlock knows no other protocol of the network.

#![expect(
    clippy::disallowed_methods,
    reason = "the guard itself, which becomes the program"
)]

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use landlock::{
    ABI, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetError, RulesetStatus, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use super::{network_word, not_for_people, not_started, say};

/// Exit code where there is no wall, so that nothing was started.
const NO_WALL: u8 = 125;
/// The newest rights that are taken; an older kernel takes those that it knows. The first version holds all writing but
/// truncation by path (3, Linux 6.2) and ioctl of devices (5, Linux 6.10).
const NEWEST: ABI = ABI::V5;

/// Runs `COUNT FOLDERS… BYTES network|no-network PROGRAM ARGS…`: see [`super::WALL`].
pub(super) fn run(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let number = |word: Option<OsString>| word?.to_str()?.parse::<u64>().ok();
    let Some(count) = number(args.next()).and_then(|count| usize::try_from(count).ok()) else {
        return not_for_people();
    };
    let folders: Vec<OsString> = args.by_ref().take(count).collect();
    let bytes = number(args.next());
    let network = args.next();
    let network = [true, false]
        .into_iter()
        .find(|one| network.as_deref() == Some(network_word(*one).as_ref()));
    let (Some(bytes), Some(network), Some(program)) = (bytes, network, args.next()) else {
        return not_for_people();
    };
    let limit = Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // Nobody may raise it where it is lower already.
    let _ = setrlimit(Resource::Fsize, limit);
    match restrict(&folders, network) {
        Ok(true) => {}
        Ok(false) => {
            say("there is no Landlock here");
            return ExitCode::from(NO_WALL);
        }
        Err(error) => {
            say(&format!("Landlock refuses: {error}"));
            return ExitCode::from(NO_WALL);
        }
    }
    not_started(&program, &Command::new(&program).args(args).exec())
}

/// Tries: builds a wall around this process alone, and sees that it holds.
pub(super) fn probe() -> ExitCode {
    let none: [&Path; 0] = [];
    let refused = || {
        let written = std::fs::OpenOptions::new().write(true).open("/dev/null");
        written.is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied)
    };
    match restrict(&none, true) {
        Ok(true) if refused() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Takes the right to write outside of these folders and files, and that to TCP unless `network`; whether the kernel did.
/// Where it cannot take the second, that is an error: who counts on it must not begin.
fn restrict<P: AsRef<Path>>(writable: &[P], network: bool) -> Result<bool, RulesetError> {
    let writing = AccessFs::from_write(NEWEST);
    let rules = Ruleset::default().handle_access(writing)?;
    let rules = match network {
        true => rules,
        false => rules
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp)?
            .set_compatibility(CompatLevel::BestEffort),
    };
    let status = rules
        .create()?
        .add_rules(path_beneath_rules(writable, writing))?
        .restrict_self()?;
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}
