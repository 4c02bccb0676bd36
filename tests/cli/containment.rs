//! Nothing that an agent starts outlives poag, whatever it does to stay.

use std::fs;
use std::path::Path;
use std::time::Duration;

use poag::agent::guard::Containment;
use poag::agent::process::{ProcessOutput, Workplace};

use crate::process::{gone, launcher, run};

/// Runs a test in each way that this machine has.
fn each_way(test: impl Fn(Containment)) {
    let poag = assert_cmd::cargo::cargo_bin!("poag");
    if Containment::best(poag) == Containment::Namespace {
        test(Containment::Namespace);
    }
    test(Containment::Walk);
}

/// A workplace whose programs are contained so; the folder goes last.
fn workplace(way: Containment) -> (Workplace, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let launcher = launcher(&folder).contained_by(way);
    (launcher.workplace().unwrap(), folder)
}

fn said(way: Containment, script: &str) -> ProcessOutput {
    let (place, _folder) = workplace(way);
    run(&place, script, b"", 60).unwrap()
}

/// A word in command lines that is no other test's.
fn mark(number: u32, way: Containment) -> String {
    format!("7{number}{}{}", way as u8, std::process::id())
}

fn script(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    file.display().to_string()
}

#[test]
fn a_process_is_ended_whatever_its_name_its_session_and_its_environment_are() {
    each_way(|way| {
        let mark = mark(1, way);
        let folder = tempfile::tempdir().unwrap();
        // The kernel cuts names after 15 bytes, here within a character.
        let copy = folder.path().join("uberpruferx123äb) Z 1 (");
        let sleep = said(way, "command -v sleep").stdout;
        fs::copy(String::from_utf8(sleep).unwrap().trim(), &copy).unwrap();
        let script = format!(
            "(setsid env -i '{0}' 1{mark} >/dev/null 2>&1 </dev/null &); \
             (setsid setsid '{0}' 2{mark} >/dev/null 2>&1 </dev/null &); \
             nohup '{0}' 3{mark} >/dev/null 2>&1 </dev/null & sleep 0.2; echo done",
            copy.display()
        );
        assert_eq!(said(way, &script).stdout, b"done\n");
        gone(&mark);
    });
}

#[test]
fn an_agent_that_kills_its_guard_leaves_nothing() {
    each_way(|way| {
        let mark = mark(2, way);
        let script = format!(
            "(setsid sleep 1{mark} >/dev/null 2>&1 </dev/null &); sleep 2{mark} & sleep 0.2; \
             kill -9 $PPID; kill -STOP $PPID; kill -9 0"
        );
        let (place, _folder) = workplace(way);
        let ended = run(&place, &script, b"", 60);
        assert!(ended.is_ok_and(|said| said.code != Some(0)));
        gone(&mark);
    });
}

#[test]
fn an_agent_whose_guard_is_killed_from_outside_leaves_nothing() {
    each_way(|way| {
        let mark = mark(3, way);
        let (place, folder) = workplace(way);
        let killer = std::thread::spawn({
            let leash = folder.path().display().to_string();
            move || {
                std::thread::sleep(Duration::from_millis(500));
                // The guard alone has the leash and the way among its words.
                let words = format!(
                    "guard-an-agent {} {leash}",
                    match way {
                        Containment::Namespace => "namespace",
                        Containment::Walk => "walk",
                    }
                );
                let killed = std::process::Command::new("pkill")
                    .args(["-9", "-f", &words])
                    .status();
                killed.unwrap().success()
            }
        });
        let script = format!("(setsid sleep 1{mark} >/dev/null 2>&1 </dev/null &); sleep 2{mark}");
        let ended = run(&place, &script, b"", 60);
        assert!(killer.join().unwrap(), "there was no guard to kill");
        assert!(ended.is_ok_and(|said| said.code.is_none()));
        gone(&mark);
    });
}

#[test]
fn a_process_that_forks_and_ends_over_and_over_is_caught() {
    each_way(|way| {
        let mark = mark(4, way);
        let folder = tempfile::tempdir().unwrap();
        let left = folder.path().join("left");
        // Each generation starts the next one and ends; every other one in a session of its own.
        let text = format!(
            "#!/bin/sh\n[ $1 -lt 3000 ] || {{ touch {}; exit; }}\n\
             if [ $(($1 % 2)) = 0 ]; then setsid $0 $(($1 + 1)) {mark} & else $0 $(($1 + 1)) {mark} & fi\n",
            left.display()
        );
        let comet = script(folder.path(), "comet", &text);
        let begin = format!("{comet} 0 {mark} >/dev/null 2>&1 </dev/null & sleep 0.3; echo done");
        assert_eq!(said(way, &begin).stdout, b"done\n");
        gone(&mark);
        std::thread::sleep(Duration::from_millis(300));
        gone(&mark);
        assert!(!left.exists(), "it came to its end by itself");
    });
}

#[test]
fn a_family_that_forks_without_end_is_ended() {
    each_way(|way| {
        let mark = mark(5, way);
        let folder = tempfile::tempdir().unwrap();
        let text = format!("#!/bin/sh\nsleep 0.05\n$0 {mark} & $0 {mark} &\nsleep 1{mark}\n");
        let hydra = script(folder.path(), "hydra", &text);
        let begin = format!("{hydra} {mark} >/dev/null 2>&1 </dev/null & sleep 0.4; echo done");
        assert_eq!(said(way, &begin).stdout, b"done\n");
        gone(&mark);
    });
}

#[test]
fn an_agent_has_no_terminal_and_is_not_in_the_session_of_poag() {
    each_way(|way| {
        let said = said(
            way,
            "(: </dev/tty) 2>/dev/null && echo terminal; ps -o sid= -p $$",
        );
        let own = std::process::Command::new("ps")
            .args(["-o", "sid=", "-p", &std::process::id().to_string()])
            .output();
        let own = String::from_utf8(own.unwrap().stdout).unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert_ne!(said.trim(), own.trim());
        assert!(!said.contains("terminal"));
    });
}

/// As in a container whose first process was started from outside: session and group of poag are 0 there.
#[test]
fn where_the_session_began_outside_the_pid_namespace_nothing_is_left_either() {
    let inside = |program: &Path, words: &[&str]| {
        std::process::Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--pid",
                "--fork",
                "--mount-proc",
            ])
            .arg(program)
            .args(words)
            .output()
            .unwrap()
    };
    if !inside(Path::new("true"), &[]).status.success() {
        return;
    }
    let tests = [
        "containment::an_agent_that_kills_its_guard_leaves_nothing",
        "containment::an_agent_whose_guard_is_killed_from_outside_leaves_nothing",
        "containment::an_agent_has_no_terminal_and_is_not_in_the_session_of_poag",
    ];
    let mut words = vec!["--exact"];
    words.extend(tests);
    let ran = inside(&std::env::current_exe().unwrap(), &words);
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("3 passed"), "{said}");
}

#[test]
fn in_a_namespace_an_agent_sees_and_signals_its_own_processes_alone() {
    let poag = assert_cmd::cargo::cargo_bin!("poag");
    if Containment::best(poag) != Containment::Namespace {
        return;
    }
    let other = std::process::Command::new("sleep").arg("60").spawn();
    let mut other = other.unwrap();
    let script = format!(
        "kill -9 {} 2>/dev/null; ls -d /proc/[0-9]* | wc -l; cat /proc/*/environ | tr '\\0' '\\n' | grep -c CARGO_MANIFEST_DIR; \
         id -u; cat >made; ls -ln made | cut -d' ' -f3",
        other.id()
    );
    let (place, folder) = workplace(Containment::Namespace);
    let mut invocation = poag::agent::process::Invocation {
        program: "sh".into(),
        args: vec!["-c".into(), script.into()],
        env: poag::agent::environment::Environment::scrubbed(&[]),
        folder: folder.path().to_owned(),
        wall: None,
    };
    invocation.env = invocation.env.without("MINE");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let said = runtime.block_on(place.run(&invocation, b"", Duration::from_secs(60)));
    let said = String::from_utf8(said.unwrap().stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    let user = rustix::process::getuid().as_raw().to_string();
    assert!(lines[0].parse::<usize>().unwrap() < 8, "{said}");
    assert_eq!(lines[1..], ["0", &user, &user], "{said}");
    assert!(other.try_wait().unwrap().is_none(), "it was killed");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_user_that_is_not_root_has_a_namespace_too_where_the_machine_lets_it() {
    use std::os::unix::process::CommandExt as _;
    let root = rustix::process::getuid().is_root();
    // Readable for another user.
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let poag = folder.path().join("poag");
    fs::copy(assert_cmd::cargo::cargo_bin!("poag"), &poag).unwrap();
    let works = |program: &Path, words: &[&str]| {
        let mut process = std::process::Command::new(program);
        if root {
            process.uid(65534).gid(65534);
        }
        let output = process.args(words).current_dir("/").output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let words = [
        "--user",
        "--map-root-user",
        "--pid",
        "--fork",
        "--mount-proc",
        "true",
    ];
    let (expected, _) = works(Path::new("unshare"), &words);
    assert_eq!(works(&poag, &["guard-an-agent", "probe"]).0, expected);
    if expected {
        let leash = folder.path().join("leash");
        let held = fs::File::create(&leash).unwrap();
        held.lock().unwrap();
        let script = "grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status; id -u";
        let words = [
            "guard-an-agent",
            "namespace",
            leash.to_str().unwrap(),
            "/bin/sh",
            "-c",
            script,
        ];
        let (_, said) = works(&poag, &words);
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 5, "{said}");
        for line in &lines[..4] {
            assert!(line.ends_with("\t0000000000000000"), "{said}");
        }
        let user = if root {
            "65534".to_owned()
        } else {
            rustix::process::getuid().as_raw().to_string()
        };
        assert_eq!(lines[4], user);
    }
}
