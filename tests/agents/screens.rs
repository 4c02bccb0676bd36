//! What a person sees on a terminal while experts of three backends think, and the plan at the end: a real terminal, whose
//! screens are kept in `target/tmp/screens` as text.

use std::fs;
use std::io::Read as _;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::brain;
use crate::playground::{REQUEST, Stage};
use crate::stand_in::Call;

const ROWS: u16 = 40;
const COLUMNS: u16 = 100;

/// Runs a process on a terminal of its own, and gives every screen that it showed.
fn screens(mut process: Command) -> Vec<String> {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&near).unwrap();
    unlockpt(&near).unwrap();
    let size = Winsize {
        ws_row: ROWS,
        ws_col: COLUMNS,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&near, size).unwrap();
    let name = ptsname(&near, Vec::new()).unwrap();
    let far = || {
        let mut options = fs::File::options();
        options.read(true).write(true);
        options.open(name.to_str().unwrap()).unwrap()
    };
    let mut child = process
        .env("TERM", "xterm-256color")
        .env_remove("NO_COLOR")
        .stdin(far())
        .stdout(far())
        .stderr(far())
        .spawn()
        .unwrap();
    // Its ends of the terminal.
    drop(process);
    let (rows, columns) = (NonZero::new(ROWS).unwrap(), NonZero::new(COLUMNS).unwrap());
    let mut terminal = vt100::Parser::new(rows, columns, 1000);
    let mut near = fs::File::from(near);
    let mut buffer = [0; 1 << 16];
    let mut shown = Vec::new();
    // Reading fails when the last end on the other side is closed.
    while let Ok(read @ 1..) = near.read(&mut buffer) {
        terminal.process(&buffer[..read]);
        let rows = terminal.screen().rows(0, COLUMNS);
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        shown.push(rows.join("\n").trim_end().to_owned());
    }
    assert!(child.wait().unwrap().success(), "{shown:#?}");
    shown
}

/// Keeps a screen for people to look at.
fn keep(name: &str, screen: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), format!("{}\n", screen.trim_end())).unwrap();
}

#[test]
fn who_thinks_with_what_and_who_waits_for_whom_is_seen_and_then_the_plan() {
    let answers = |call: &Call| {
        // Long enough for several to think at the same time, and for a person to see it.
        if brain::input(call).is_some_and(|input| input["turn"] != 0) {
            sleep(Duration::from_secs(3));
        }
        brain::reply(call)
    };
    let Some(stage) = Stage::saying(answers) else {
        return;
    };
    let mut process = Command::new(assert_cmd::cargo::cargo_bin!("poag"));
    stage.place(&mut process);
    process.args([
        "ask",
        "--backend=claude-code",
        "--model=hello-subflakes=claude-opus-4-5",
        "--backend=hello-rs=codex",
        "--backend=hello-wasm=acp",
        "--agent-command=hello-wasm=opencode acp",
        "--backend=hello-web=librarian",
        REQUEST,
    ]);
    let shown = screens(process);
    let busy = |screen: &&String| {
        let at = |text: &str| screen.find(text);
        // The one who asked stands before those who were asked.
        at("waits for") < at("thinks about")
            && screen.matches("thinks about").count() > 1
            && ["claude-code (claude-opus-4-5)", "codex", "acp", "tok"]
                .iter()
                .all(|part| screen.contains(part))
    };
    let Some(progress) = shown.iter().find(busy) else {
        panic!("nobody was seen to think: {shown:#?}");
    };
    keep("progress.txt", progress);
    let rows: Vec<&str> = progress.lines().collect();
    let row = |name: &str| {
        rows.iter()
            .position(|row| row.trim_start().starts_with(name))
    };
    assert!(row("hello-subflakes") < row("hello-rs"), "{progress}");
    let asked = rows[row("hello-rs").unwrap()];
    assert!(asked.starts_with("    "), "{progress}");

    let plan = shown.last().unwrap();
    keep("plan.txt", plan);
    // What was drawn is gone; the plan ends with what it cost.
    assert!(!plan.contains("waits for"), "{plan}");
    let last = plan.trim_end().lines().rev().take(3).collect::<String>();
    assert!(last.contains("tokens"), "{plan}");
    assert!(plan.contains("Steps"), "{plan}");
}
