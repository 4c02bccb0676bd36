//! A work whose supervisor, workers and other poags are killed by SIGKILL, at every event and at random moments: it comes to
//! the same end, pays for no finished turn twice, loses no byte of a worker, and leaves nothing running.
//!
//! A few deaths are tried by default; `POAG_DEATHS=all` tries every event, and 200 random moments.

mod landing;
mod stage;

use std::collections::BTreeSet;
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use stage::{Essence, Stage};

/// Stages at the same time; each mostly waits for its programs.
const THREADS: usize = 3;

/// Whether every death is to be tried.
fn all() -> bool {
    std::env::var("POAG_DEATHS").is_ok_and(|deaths| deaths == "all")
}

/// The end without any death, how many events led to it, and how long it took.
fn undisturbed() -> (Essence, usize, Duration) {
    let stage = Stage::new();
    let began = Instant::now();
    let none = BTreeSet::new();
    let output = stage.supervise().wait_with_output().unwrap();
    let said = crate::harness::text(&output.stderr);
    assert!(output.status.success(), "{said}");
    let took = began.elapsed();
    stage.holds(&none);
    stage.is_clean();
    (stage.essence(), stage.events().len(), took)
}

/// The events at which it is killed, and what is done for each, on some threads.
fn at_events(count: usize, few: usize, kill: impl Fn(usize) + Sync) -> usize {
    let step = if all() { 1 } else { count.div_ceil(few) };
    let next = AtomicUsize::new(1);
    let tried = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seq = next.fetch_add(step, Ordering::SeqCst);
                    if seq > count {
                        break;
                    }
                    kill(seq);
                    tried.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    tried.into_inner()
}

#[test]
fn a_supervisor_killed_at_any_event_comes_to_the_same_end() {
    let began = Instant::now();
    let (expected, count, _) = undisturbed();
    assert!(count > 20, "{count} events are too few to tell anything");
    let before = at_events(count, 5, |seq| {
        let stage = Stage::new();
        stage.stop_at(seq);
        let mut child = stage.supervise();
        let stopped = stage.stopped(&mut child);
        let _ = child.kill();
        child.wait().unwrap();
        stage.gone();
        assert!(
            stage.events().len() < seq || !stopped,
            "event {seq} is there"
        );
        stage.go_on();
        let bytes = stage.bytes();
        stage.to_the_end(&expected, &bytes);
    });
    println!(
        "{before} of {count} events: killed before each, {:?}",
        began.elapsed()
    );
}

#[test]
fn a_supervisor_killed_right_behind_any_event_comes_to_the_same_end() {
    let began = Instant::now();
    let (expected, count, _) = undisturbed();
    let behind = at_events(count, 5, |seq| {
        let stage = Stage::new();
        let mut child = stage.supervise();
        while stage.events().len() < seq && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(500));
        }
        let _ = child.kill();
        child.wait().unwrap();
        // Whoever goes on does so at once: what the dead one started may still be ending.
        stage.to_the_end(&expected, &BTreeSet::new());
    });
    println!(
        "{behind} of {count} events: killed behind each, {:?}",
        began.elapsed()
    );
}

#[test]
fn a_worker_killed_behind_any_event_is_another_attempt_and_comes_to_the_same_end() {
    let began = Instant::now();
    let (expected, count, _) = undisturbed();
    let killed = AtomicUsize::new(0);
    let tried = at_events(count, 5, |seq| {
        let stage = Stage::new();
        let mut child = stage.supervise();
        while stage.events().len() < seq && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(500));
        }
        // It may begin a little later, and is over with the next event.
        while stage.events().len() == seq && child.try_wait().unwrap().is_none() {
            if stage.kill_writers() {
                killed.fetch_add(1, Ordering::SeqCst);
                break;
            }
        }
        let output = child.wait_with_output().unwrap();
        let said = crate::harness::text(&output.stderr);
        assert!(output.status.success(), "{said}");
        stage.to_the_end(&expected, &BTreeSet::new());
    });
    let killed = killed.into_inner();
    println!(
        "{tried} of {count} events: {killed} workers killed, {:?}",
        began.elapsed()
    );
}

#[test]
fn killed_at_random_moments_again_and_again_it_comes_to_the_same_end() {
    let kills = if all() { 200 } else { 6 };
    let began = Instant::now();
    let (expected, _, usual) = undisturbed();
    let done = AtomicUsize::new(0);
    let told = Mutex::new((0, 0, 0, BTreeSet::new()));
    thread::scope(|scope| {
        for seed in 0..THREADS {
            let (done, told, expected) = (&done, &told, &expected);
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed as u64);
                while done.load(Ordering::SeqCst) < kills {
                    let stage = Stage::new();
                    let mut bytes = BTreeSet::new();
                    let mut worker_hit = false;
                    while done.load(Ordering::SeqCst) < kills {
                        let mut child = stage.supervise();
                        thread::sleep(usual.mul_f64(random.f64()));
                        let before = stage.events().len();
                        let (mut workers, mut others) = (0, 0);
                        let lives = |child: &mut Child| child.try_wait().unwrap().is_none();
                        // A task whose worker ends badly three times is put aside: one of each stage is enough.
                        match random.u8(u8::from(worker_hit)..3) {
                            // The worker that is at it, or the next one.
                            0 => {
                                while workers == 0 && lives(&mut child) {
                                    workers += usize::from(stage.kill_writers());
                                }
                                worker_hit = workers > 0;
                            }
                            1 => {
                                // Another poag, which looks or says something.
                                let words: &[&str] = match random.bool() {
                                    true => &["work", "show"],
                                    false => &["work", "say", "app", "go on"],
                                };
                                let mut other = stage.poag(words).spawn().unwrap();
                                thread::sleep(Duration::from_millis(random.u64(0..300)));
                                others += usize::from(lives(&mut other));
                                let _ = other.kill();
                                other.wait().unwrap();
                            }
                            _ => {}
                        }
                        let mut supervisors = 0;
                        if workers + others > 0 {
                            // It goes on for a while as if nothing had been.
                            thread::sleep(usual.mul_f64(random.f64() / 2.0));
                        }
                        if workers + others == 0 || random.bool() {
                            supervisors += usize::from(lives(&mut child));
                            let _ = child.kill();
                        }
                        child.wait().unwrap();
                        if random.bool() {
                            stage.gone();
                            bytes.append(&mut stage.bytes());
                        }
                        done.fetch_add(workers + others + supervisors, Ordering::SeqCst);
                        let mut told = told.lock().unwrap();
                        told.0 += supervisors;
                        told.1 += workers;
                        told.2 += others;
                        told.3.insert(before);
                        let events = stage.events();
                        let landed = events
                            .iter()
                            .filter(|event| event.get("tasksLanded").is_some());
                        if landed.count() == 2 {
                            break;
                        }
                    }
                    stage.to_the_end(expected, &bytes);
                }
            });
        }
    });
    let told = told.into_inner().unwrap();
    println!(
        "killed {} supervisors, {} workers, {} others, after {} different numbers of events, {:?}",
        told.0,
        told.1,
        told.2,
        told.3.len(),
        began.elapsed()
    );
}
