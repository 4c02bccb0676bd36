//! `work land` and `work rollback` killed by SIGKILL at each of their calls of git, in the middle of writing that it is done,
//! and at random moments: done again, it comes to the same end, and the person's checkout is never left half way.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::all;
use super::stage::Stage;
use crate::harness::text;

/// A work that is done, in a repository whose branch waits for it.
struct Waiting {
    stage: Stage,
    /// Folder of the git that kills who called it.
    folder: PathBuf,
    /// The branch before and after the landing.
    before: String,
    after: String,
    /// What had to be said again, since the first word of it came too early or too late.
    tried: usize,
}

/// The commit of the person's branch.
fn main(stage: &Stage) -> String {
    let tip = stage.repository.git(&["rev-parse", "main"]);
    tip.trim().to_owned()
}

impl Waiting {
    fn new() -> Self {
        let stage = Stage::new();
        let output = stage.supervise().wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let folder = stage.beside("git-that-kills");
        fs::create_dir(&folder).unwrap();
        let before = main(&stage);
        let after = stage.view()["tip"].as_str().unwrap().to_owned();
        Self {
            stage,
            folder,
            before,
            after,
            tried: 0,
        }
    }

    /// Makes a git that kills its poag at its call number `at`: before it does anything, or while it does it. Without a
    /// number it only counts.
    fn git(&self, at: usize, before: bool) {
        let path = std::env::var_os("PATH").unwrap();
        let mut found = std::env::split_paths(&path).map(|folder| folder.join("git"));
        let real = found.find(|path| path.is_file()).unwrap();
        let real = real.display();
        let count = self.folder.join("count");
        let _ = fs::remove_file(&count);
        let count = count.display();
        let does = match before {
            true => "exit 1",
            false => "",
        };
        let script = format!(
            "#!/bin/sh\necho call >>{count}\nif [ $(($(wc -l <{count}))) = {at} ]; then kill -9 $PPID; {does}\nfi\nexec {real} \"$@\"\n"
        );
        let file = self.folder.join("git");
        fs::write(&file, script).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Calls of git since it was made.
    fn calls(&self) -> usize {
        let calls = fs::read_to_string(self.folder.join("count")).unwrap_or_default();
        calls.lines().count()
    }

    /// Runs the verb with that git.
    fn run(&self, verb: &str) -> std::process::Output {
        let mut folders = vec![self.folder.clone()];
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
        let path = std::env::join_paths(folders).unwrap();
        let mut poag = self.stage.poag(&["work", verb]);
        poag.env("PATH", path).output().unwrap()
    }

    /// The work and the branch are on one of both sides, and the checkout is what the branch says.
    fn is_whole(&self, died: &str) {
        self.stage.gone();
        let repository = &self.stage.repository;
        assert_eq!(repository.git(&["status", "--porcelain"]), "", "{died}");
        let tip = main(&self.stage);
        assert!(tip == self.before || tip == self.after, "{died}: {tip}");
        self.stage.holds(&BTreeSet::from([self.after.clone()]));
    }

    /// Says it again, as a person would who saw it die, where it is not done.
    fn again(&mut self, verb: &str, died: &str) {
        self.is_whole(died);
        let (state, tip) = match verb {
            "land" => ("landed", self.after.clone()),
            _ => ("rolled back", self.before.clone()),
        };
        if self.stage.view()["state"] != state {
            self.tried += 1;
            let output = self.stage.poag(&["work", verb]).output().unwrap();
            assert!(output.status.success(), "{died}: {}", text(&output.stderr));
        }
        self.is_whole(died);
        assert_eq!(self.stage.view()["state"], state, "{died}");
        assert_eq!(main(&self.stage), tip, "{died}");
    }
}

#[test]
fn a_landing_and_a_rollback_killed_at_any_step_come_to_the_same_end() {
    let began = Instant::now();
    let mut waiting = Waiting::new();
    let mut died = 0;
    // How many calls each of them makes.
    waiting.git(0, true);
    let mut calls = [0; 2];
    for (calls, verb) in calls.iter_mut().zip(["land", "rollback"]) {
        let known = waiting.calls();
        let output = waiting.run(verb);
        assert!(output.status.success(), "{}", text(&output.stderr));
        *calls = waiting.calls() - known;
        assert!(
            *calls > 3,
            "{calls} calls of git are too few to tell anything"
        );
    }
    let most = calls[0].max(calls[1]);
    let step = if all() { 1 } else { most.div_ceil(3) };
    for at in (1..=most).step_by(step) {
        for before in [true, false] {
            for verb in ["land", "rollback"] {
                waiting.git(at, before);
                let output = waiting.run(verb);
                died += usize::from(output.status.code().is_none());
                let how = if before { "before" } else { "in" };
                waiting.again(verb, &format!("{verb} killed {how} its call {at} of git"));
            }
        }
    }
    // In the middle of writing down that it is done.
    for verb in ["land", "rollback"] {
        let next = waiting.stage.events().len() + 1;
        waiting.stage.stop_at(next);
        let mut child = waiting.stage.poag(&["work", verb]).spawn().unwrap();
        assert!(waiting.stage.stopped(&mut child));
        let _ = child.kill();
        child.wait().unwrap();
        waiting.stage.go_on();
        died += 1;
        waiting.again(verb, &format!("{verb} killed while it wrote its event"));
    }
    let tried = waiting.tried;
    waiting.stage.is_clean();
    println!(
        "{calls:?} calls of git in land and rollback: killed {died} times, {tried} times done again, {:?}",
        began.elapsed()
    );
}

#[test]
fn a_landing_and_a_rollback_killed_at_random_moments_come_to_the_same_end() {
    let kills = if all() { 60 } else { 4 };
    let began = Instant::now();
    let mut waiting = Waiting::new();
    let mut random = fastrand::Rng::with_seed(15);
    let mut usual = Duration::ZERO;
    for verb in ["land", "rollback"] {
        let began = Instant::now();
        let output = waiting.stage.poag(&["work", verb]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        usual = usual.max(began.elapsed());
    }
    let (mut died, mut rounds) = ([0, 0], 0);
    while died[0] + died[1] < kills && rounds < 3 * kills {
        rounds += 1;
        for (died, verb) in died.iter_mut().zip(["land", "rollback"]) {
            let mut child = waiting.stage.poag(&["work", verb]).spawn().unwrap();
            thread::sleep(usual.mul_f64(random.f64()));
            *died += usize::from(child.try_wait().unwrap().is_none());
            let _ = child.kill();
            child.wait().unwrap();
            waiting.again(verb, &format!("{verb} killed at random"));
        }
    }
    let tried = waiting.tried;
    waiting.stage.is_clean();
    println!(
        "killed {} landings and {} rollbacks at random, {tried} were done again, {:?}",
        died[0],
        died[1],
        began.elapsed()
    );
}
