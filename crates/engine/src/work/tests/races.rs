//! Races of real processes: this test runs itself again, as each of them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use poag_core::work::{Actor, Task, WorkEvent, WorkStart};
use poag_ledger::{Batch, Ledger as _, NewStream, SqliteLedger};

use super::stage::id;
use crate::work::ledger::{KIND, new_event};
use crate::work::{ClaimRequest, OpenWork, WorkError};

/// Set for the processes of a race: the ledger.
const RACER: &str = "POAG_TEST_RACER";
const PROCESSES: usize = 16;
/// `cargo bench --bench board -- races` runs ten thousand.
const RACES: usize = 40;

fn begin(ledger: &SqliteLedger, work: &str) {
    let start = WorkStart {
        milestones: Vec::new(),
        work: work.into(),
        request: "do it".into(),
        flake: "/nowhere".into(),
        run: None,
        base: "base".into(),
        target: None,
        branch: format!("refs/heads/poag/{work}"),
        actors: vec![Actor {
            capacity: 64,
            ..Actor::of("command")
        }],
        reviewers: Vec::new(),
        policy: Default::default(),
        tasks: vec![Task::new(id("it"), "lib", "It", "do it")],
    };
    let stream = NewStream {
        id: work,
        kind: KIND,
        subject: "/nowhere",
    };
    let event = new_event(&WorkEvent::WorkStarted(Box::new(start))).unwrap();
    let batch = Batch {
        events: vec![event],
        ..Batch::default()
    };
    ledger.create(&stream, &batch).unwrap();
}

/// One process: claims in each work that it is told, and says what came of it.
fn race(path: &Path) {
    let ledger = SqliteLedger::open(path).unwrap();
    println!("\nready");
    for work in std::io::stdin().lines() {
        let mut work = OpenWork::open(&ledger, &work.unwrap()).unwrap();
        let request = ClaimRequest {
            actor: "command".into(),
            task: Some(id("it")),
            trajectory: 1,
            supervised: false,
        };
        let said = match work.claim(&request) {
            Ok(claimed) => format!("won {}", claimed.epoch),
            Err(WorkError::Refused(refusal)) => refusal.to_string(),
            Err(error) => format!("broke: {error}"),
        };
        println!("{}", said.replace('\n', " "));
    }
}

#[test]
fn of_sixteen_processes_that_want_one_task_one_gets_it() {
    if let Some(path) = std::env::var_os(RACER) {
        return race(Path::new(&path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let ledger = SqliteLedger::open(&path).unwrap();
    let test = "work::tests::races::of_sixteen_processes_that_want_one_task_one_gets_it";
    let mut racers = Vec::new();
    for _ in 0..PROCESSES {
        let mut racer = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(RACER, &path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(racer.stdout.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap() == "ready"));
        racers.push((racer.stdin.take().unwrap(), said, racer));
    }
    for number in 0..RACES {
        let work = format!("race-{number}");
        begin(&ledger, &work);
        for (tell, ..) in &mut racers {
            writeln!(tell, "{work}").unwrap();
        }
        let mut won = 0;
        for (_, said, _) in &mut racers {
            let line = said.next().unwrap().unwrap();
            match line.as_str() {
                "won 1" => won += 1,
                lost => assert!(lost.contains("it is leased"), "{lost}"),
            }
        }
        assert_eq!(won, 1, "{work}");
        let events = ledger.events(&work, 0).unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["workStarted", "claimed"]);
    }
    for (tell, said, mut racer) in racers {
        drop((tell, said));
        racer.wait().unwrap();
    }
}
