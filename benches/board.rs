//! What a board of tasks costs, on a real ledger in a file, beside what the same would cost without it, in one run.
//!
//!   cargo bench --bench board                       a Markdown table
//!   cargo bench --bench board -- races 10000 16     races of 16 processes for one task each, and what came of them

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark makes and starts what it needs"
)]
#![expect(clippy::unwrap_used, reason = "a benchmark says best where it fails")]

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use poag::engine::work::{ClaimRequest, OpenWork, WorkError};
use poag::ledger::{Batch, Ledger as _, NewEvent, NewStream, SqliteLedger};
use poag_core::work::{Actor, Task, TaskId, WORK_EVENT_VERSION, WorkEvent, WorkStart};

/// Tasks of the large board, and events of the long work.
const TASKS: usize = 20_000;
const EVENTS: usize = 100_000;
const CLAIMS: usize = 2000;
const REPETITIONS: usize = 21;
/// What is timed at once, at least: the kernel adds to a thread's time at its ticks, 4 ms apart.
const LEAST: Duration = Duration::from_millis(40);
/// Set for the processes of a race: the ledger.
const RACER: &str = "POAG_BENCH_LEDGER";

fn main() {
    if let Some(ledger) = std::env::var_os(RACER) {
        return racer(Path::new(&ledger));
    }
    // cargo adds `--bench`.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let number = |at: usize, usual| words.get(at).map_or(usual, |word| word.parse().unwrap());
    if words.first().is_some_and(|word| word == "races") {
        return races(number(1, 10_000), number(2, 16));
    }
    let folder = tempfile::tempdir().unwrap();
    println!("| job | poag | beside | that | ratio | goal |\n|---|---|---|---|---|---|");
    let ledger = SqliteLedger::open(&folder.path().join("ledger.sqlite")).unwrap();
    begin(&ledger, "large", tasks(TASKS));
    let peer = peer(&folder.path().join("peer.sqlite"));
    ready(&ledger, &peer);
    claims(&ledger, &peer);
    replay(&ledger);
}

/// Every second task waits for the one before it.
fn tasks(count: usize) -> Vec<Task> {
    let name = |at: usize| TaskId::new(&format!("task-{at}")).unwrap();
    let task = |at: usize| {
        let mut task = Task::new(
            name(at),
            "expert",
            "A task",
            "Do what the plan says about it.",
        );
        if at % 2 == 1 {
            task.depends_on.insert(name(at - 1));
        }
        task
    };
    (0..count).map(task).collect()
}

fn event(event: &WorkEvent) -> NewEvent {
    NewEvent::new(WORK_EVENT_VERSION, event.kind(), event).unwrap()
}

fn begin(ledger: &SqliteLedger, work: &str, tasks: Vec<Task>) {
    let actor = Actor {
        capacity: 1_000_000,
        ..Actor::of("command")
    };
    let start = WorkStart {
        milestones: Vec::new(),
        work: work.to_owned(),
        request: "Do all of it".into(),
        flake: "/bench".into(),
        run: None,
        base: "base".into(),
        target: None,
        branch: format!("refs/heads/poag/{work}"),
        actors: vec![actor],
        reviewers: Vec::new(),
        policy: Default::default(),
        tasks,
    };
    let stream = NewStream {
        id: work,
        kind: "work",
        subject: "/bench",
    };
    let batch = Batch {
        events: vec![event(&WorkEvent::WorkStarted(Box::new(start)))],
        ..Batch::default()
    };
    ledger.create(&stream, &batch).unwrap();
}

/// The same tasks as rows: what a tracker of issues would ask and write.
fn peer(path: &Path) -> rusqlite::Connection {
    let peer = rusqlite::Connection::open(path).unwrap();
    peer.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, state TEXT NOT NULL, epoch INTEGER);
         CREATE TABLE edges (task INTEGER, needs INTEGER);
         CREATE INDEX edges_by_task ON edges (task); CREATE INDEX tasks_by_state ON tasks (state);
         BEGIN;",
    )
    .unwrap();
    for at in 0..TASKS {
        let sql = "INSERT INTO tasks VALUES (?, 'A task', 'open', 0)";
        peer.execute(sql, [at as i64]).unwrap();
        if at % 2 == 1 {
            let sql = "INSERT INTO edges VALUES (?, ?)";
            peer.execute(sql, [at as i64, at as i64 - 1]).unwrap();
        }
    }
    peer.execute_batch("COMMIT").unwrap();
    peer
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The least of some repetitions: what others do on this machine meanwhile only adds to it. A job that is over sooner than a
/// clock can tell is done again and again, and its share is told.
fn timed<T>(mut job: impl FnMut() -> T) -> Duration {
    let mut one = |_| {
        let (began, mut times) = (clock(), 0);
        let took = loop {
            black_box(job());
            times += 1;
            let took = clock().saturating_sub(began);
            if took >= LEAST {
                break took;
            }
        };
        took / times
    };
    (0..REPETITIONS).map(&mut one).min().unwrap_or_default()
}

/// Time that this thread had on a processor, where the system tells; else that of the wall.
fn clock() -> Duration {
    static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let told = told.and_then(|told| told.split(' ').next()?.parse().ok());
    match told {
        Some(nanoseconds) => Duration::from_nanos(nanoseconds),
        None => BEGAN.get_or_init(Instant::now).elapsed(),
    }
}

fn row(job: &str, own: Duration, beside: &str, that: Duration, goal: &str) {
    let ms = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
    let ratio = own.as_secs_f64() / that.as_secs_f64();
    println!(
        "| {job} | {} | {beside} | {} | {ratio:.2}× | {goal} |",
        ms(own),
        ms(that)
    );
}

fn ready(ledger: &SqliteLedger, peer: &rusqlite::Connection) {
    let mut work = OpenWork::open(ledger, "large").unwrap();
    let own = timed(|| {
        work.catch_up().unwrap();
        let ready = work.ready().len();
        assert_eq!(ready, TASKS / 2);
    });
    let that = timed(|| {
        let sql = "SELECT t.id, t.title FROM tasks t WHERE t.state = 'open' AND NOT EXISTS (
                     SELECT 1 FROM edges e JOIN tasks n ON n.id = e.needs
                     WHERE e.task = t.id AND n.state <> 'done') ORDER BY t.id";
        let mut select = peer.prepare_cached(sql).unwrap();
        let ids = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        let ids: Result<Vec<(i64, String)>, _> = ids.unwrap().collect();
        assert_eq!(ids.unwrap().len(), TASKS / 2);
    });
    let job = format!("ready, {TASKS} tasks");
    row(&job, own, "SQL over rows", that, "≤ 10 ms");
    let cold = timed(|| OpenWork::open(ledger, "large").unwrap().ready().len());
    row(
        "the same, the work read anew",
        cold,
        "SQL over rows",
        that,
        "",
    );
}

fn claims(ledger: &SqliteLedger, peer: &rusqlite::Connection) {
    let mut work = OpenWork::open(ledger, "large").unwrap();
    let (mut own, mut that) = (Vec::new(), Vec::new());
    for at in 0..CLAIMS {
        let task = TaskId::new(&format!("task-{}", at * 2)).unwrap();
        let request = ClaimRequest {
            actor: "command".into(),
            task: Some(task),
            trajectory: 1,
            supervised: false,
        };
        let began = Instant::now();
        work.claim(&request).unwrap();
        own.push(began.elapsed());
        let began = Instant::now();
        let sql =
            "UPDATE tasks SET state = 'leased', epoch = epoch + 1 WHERE id = ? AND state = 'open'";
        let changed = peer.prepare_cached(sql).unwrap().execute([at as i64 * 2]);
        that.push(began.elapsed());
        assert_eq!(changed.unwrap(), 1);
    }
    let mut sorted = own.clone();
    sorted.sort_unstable();
    let slow = sorted[sorted.len() * 99 / 100];
    let job = format!("a claim, {TASKS} tasks, in the file");
    row(
        &job,
        median(own),
        "an UPDATE, in its file",
        median(that.clone()),
        "≤ 1 ms",
    );
    that.sort_unstable();
    let that = that[that.len() * 99 / 100];
    row(
        "the same, 99 of 100",
        slow,
        "an UPDATE, in its file",
        that,
        "≤ 1 ms",
    );
}

/// A work with many events: claims, attempts with their words, and releases.
fn replay(ledger: &SqliteLedger) {
    const ROUND: usize = 10;
    begin(ledger, "long", tasks(1000));
    let mut work = OpenWork::open(ledger, "long").unwrap();
    let mut last = 1;
    for round in 0..EVENTS / ROUND {
        let task = TaskId::new(&format!("task-{}", round % 500 * 2)).unwrap();
        let (epoch, at) = (round as u64 + 1, 1_000_000 + round as i64);
        let mut events = vec![
            WorkEvent::Claimed {
                tasks: vec![task.clone()],
                actor: "command".into(),
                epoch,
                at,
                until: at + 120_000,
                supervised: true,
            },
            WorkEvent::AttemptStarted {
                task: task.clone(),
                epoch,
                attempt: (round / 500) as u32 + 1,
                speaks_as: Some("expert".into()),
            },
            WorkEvent::WorktreeProven {
                task: task.clone(),
                epoch,
                path: format!("/home/somebody/.local/state/poag/work/long/trees/{task}-1-1"),
                branch: format!("command/{task}"),
                base: "e83c5163316f89bfbde7d9ab23ca2e25604af290".into(),
            },
            WorkEvent::WorkBegan {
                task: task.clone(),
                epoch,
                pid: Some(4711),
                at,
            },
        ];
        for percent in 1..=4 {
            events.push(WorkEvent::Progressed {
                task: task.clone(),
                epoch,
                text: "the kernel refuses writing outside of the worktree (Landlock)".into(),
                percent: Some(percent * 20),
            });
        }
        events.push(WorkEvent::Renewed {
            epoch,
            until: at + 240_000,
        });
        events.push(WorkEvent::Released {
            task,
            epoch,
            reason: "its supervisor ended".into(),
        });
        let batch = Batch {
            events: events.iter().map(event).collect(),
            ..Batch::default()
        };
        last = ledger.append("long", last, &batch).unwrap();
    }
    assert_eq!(last, EVENTS as u64 + 1);
    work.catch_up().unwrap();
    let own = timed(|| OpenWork::open(ledger, "long").unwrap());
    let that = timed(|| {
        let events = ledger.events("long", 0).unwrap();
        let values = events.iter().map(|event| event.value().unwrap());
        values.collect::<Vec<serde_json::Value>>().len()
    });
    let read = timed(|| ledger.events("long", 0).unwrap().len());
    row(
        "the events of a long work, read",
        read,
        "their JSON, read",
        that,
        "",
    );
    let job = format!("a board from {EVENTS} events");
    row(&job, own, "their JSON, read", that, "≤ 200 ms");
}

/// A process of a race: claims the one task of each work that it is told, and says how that went.
fn racer(path: &Path) {
    let ledger = SqliteLedger::open(path).unwrap();
    for work in std::io::stdin().lines() {
        let mut work = OpenWork::open(&ledger, &work.unwrap()).unwrap();
        let request = ClaimRequest {
            actor: "command".into(),
            task: Some(TaskId::new("task-0").unwrap()),
            trajectory: 1,
            supervised: false,
        };
        let said = match work.claim(&request) {
            Ok(claimed) => format!("won {}", claimed.epoch),
            Err(WorkError::Refused(refusal)) => format!("lost: {refusal}").replace('\n', " "),
            Err(error) => format!("broke: {error}").replace('\n', " "),
        };
        println!("{said}");
    }
}

/// Races of processes for the only task of a work.
fn races(count: usize, processes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.sqlite");
    let ledger = SqliteLedger::open(&path).unwrap();
    let mut racers: Vec<_> = (0..processes)
        .map(|_| {
            let mut racer = Command::new(std::env::current_exe().unwrap())
                .env(RACER, &path)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let said = BufReader::new(racer.stdout.take().unwrap());
            (racer.stdin.take().unwrap(), said, racer)
        })
        .collect();
    let began = Instant::now();
    let mut wins = vec![0; processes];
    for race in 0..count {
        let work = format!("race-{race}");
        begin(&ledger, &work, tasks(1));
        for (tell, _, _) in &mut racers {
            writeln!(tell, "{work}").unwrap();
        }
        let mut won = Vec::new();
        for (at, (_, said, _)) in racers.iter_mut().enumerate() {
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            match line.trim_end() {
                "won 1" => won.push(at),
                lost if lost.contains("it is leased") => {}
                other => panic!("race {race}: {other}"),
            }
        }
        assert_eq!(won.len(), 1, "race {race} was won by {won:?}");
        wins[won[0]] += 1;
        let events = ledger.events(&work, 0).unwrap();
        let claimed = events.iter().filter(|event| event.kind == "claimed");
        assert_eq!((claimed.count(), events.len()), (1, 2), "race {race}");
    }
    for (tell, _, mut racer) in racers {
        drop(tell);
        racer.wait().unwrap();
    }
    println!(
        "{count} races of {processes} processes: one winner each; wins of each process: {wins:?}; {:.1?}",
        began.elapsed()
    );
}
