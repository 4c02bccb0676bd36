//! Programs that agents are: behind a guard, ended with all that they start.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use poag::agent::environment::Environment;
use poag::agent::process::{Invocation, Launcher, ProcessError, ProcessOutput, Workplace};

pub(crate) fn launcher(folder: &tempfile::TempDir) -> Launcher {
    let poag = assert_cmd::cargo::cargo_bin!("poag");
    Launcher::new(poag.into(), folder.path()).unwrap()
}

fn shell(script: &str) -> Invocation {
    Invocation {
        program: "sh".into(),
        args: vec!["-c".into(), script.into()],
        env: Environment::scrubbed(&[]).with("MINE", "yes"),
        folder: PathBuf::from("/"),
        wall: None,
    }
}

pub(crate) fn run(
    place: &Workplace,
    script: &str,
    stdin: &[u8],
    seconds: u64,
) -> Result<ProcessOutput, ProcessError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(place.run(&shell(script), stdin, Duration::from_secs(seconds)))
}

/// Living processes whose command line holds this.
fn living(mark: &str) -> usize {
    let here = |entry: &fs::DirEntry| {
        let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&words).contains(mark)
    };
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter(here)
        .count()
}

pub(crate) fn gone(mark: &str) {
    for _ in 0..500 {
        if living(mark) == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{} processes with {mark} go on", living(mark));
}

#[test]
fn it_is_given_its_input_and_says_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let said = run(&place, "cat; echo $MINE >&2; exit 3", b"the question", 60).unwrap();
    assert_eq!(said.code, Some(3));
    assert_eq!(said.stdout, b"the question");
    assert_eq!(said.stderr, b"yes\n");
}

#[test]
fn its_environment_holds_nothing_that_is_not_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let said = run(&place, "env", b"", 60).unwrap();
    let names: Vec<&str> = std::str::from_utf8(&said.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    assert!(names.contains(&"MINE") && names.contains(&"PATH"));
    for name in ["CARGO_MANIFEST_DIR", "HOME", "NIX_CONFIG"] {
        assert!(!names.contains(&name), "{name} came through");
    }
}

#[test]
fn the_time_over_ends_everything_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let mark = format!("9{}", std::process::id());
    let script = format!("echo began; (setsid sleep 1{mark} &) ; sleep 2{mark} & sleep 3{mark}");
    let ended = run(&place, &script, b"", 1);
    let Err(ProcessError::Timeout { said, .. }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(said.stdout, b"began\n");
    gone(&mark);
}

#[test]
fn the_time_counts_for_one_that_says_no_more_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let ended = run(&place, "echo said; exec >&- 2>&-; sleep 1000", b"", 1);
    let Err(ProcessError::Timeout { said, .. }) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(said.stdout, b"said\n");
}

#[test]
fn what_is_left_in_the_background_is_ended_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let mark = format!("8{}", std::process::id());
    let script = format!("setsid sleep 1{mark} >/dev/null 2>&1 & echo done");
    let said = run(&place, &script, b"", 60).unwrap();
    assert_eq!(said.stdout, b"done\n");
    gone(&mark);
}

#[test]
fn a_workplace_is_private_and_gone_with_its_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    fs::write(place.subfolder("home").unwrap().join("notes"), "x").unwrap();
    let path = place.path().to_owned();
    // Another poag that starts meanwhile leaves it alone.
    launcher(&folder);
    assert!(path.join("home/notes").is_file());
    drop(place);
    assert!(!path.exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_a_poag_that_was_killed_left_behind_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join("turn-left");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("leash"), "").unwrap();
    // Sessions of another poag may work in there.
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    launcher(&folder);
    assert!(!left.exists());
    assert!(empty.exists());
}

#[test]
fn endless_words_are_ended() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let ended = run(&place, "yes", b"", 60);
    assert!(
        matches!(ended, Err(ProcessError::TooMuch { .. })),
        "{ended:?}"
    );
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = launcher(&folder).workplace().unwrap();
    let invocation = Invocation {
        program: "no-such-agent".into(),
        ..shell("")
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ended = runtime.block_on(place.run(&invocation, b"", Duration::from_secs(5)));
    let error = ended.unwrap_err().into_agent("codex", "install it");
    assert_eq!(
        error.to_string(),
        "backend 'codex': there is no program 'no-such-agent' on PATH\nrepair: install it"
    );
}

#[test]
fn its_search_path_is_only_for_what_it_starts_itself() {
    let folder = tempfile::tempdir().unwrap();
    let (brought, place) = (folder.path().join("brought"), launcher(&folder));
    fs::create_dir(&brought).unwrap();
    for name in ["sh", "found"] {
        let program = brought.join(name);
        fs::write(&program, "#!/bin/sh\necho \"brought $1\"\n").unwrap();
        let all = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(program, all).unwrap();
    }
    let mut invocation = shell("echo own; found");
    invocation.env = Environment::scrubbed(&[]).with("PATH", &brought);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let place = place.workplace().unwrap();
    let ended = runtime.block_on(place.run(&invocation, b"", Duration::from_secs(60)));
    assert_eq!(ended.unwrap().stdout, b"own\nbrought \n");
    invocation.program = "found".into();
    let ended = runtime.block_on(place.run(&invocation, b"", Duration::from_secs(60)));
    assert!(
        matches!(ended, Err(ProcessError::NotFound { .. })),
        "{ended:?}"
    );
}
