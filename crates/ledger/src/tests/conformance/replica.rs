//! A state that many change at once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::super::stream;
use super::Place;
use crate::replica::{Replayed, Replica, ReplicaError};
use crate::{Batch, Ledger, NewEvent, Recorded};

/// Where it is set, a process of this test races.
const RACER: &str = "POAG_TEST_RACE";
/// With a number in it, so many races are held instead of few.
const RACES: &str = "POAG_TEST_RACES";

/// Things, each with who took it first.
#[derive(Clone, Debug, Default, PartialEq)]
struct Taken(BTreeMap<u32, u32>);

#[derive(Debug, thiserror::Error, PartialEq)]
#[error("{thing} has gone to {owner}")]
struct Gone {
    thing: u32,
    owner: u32,
}

impl Replayed for Taken {
    type Refusal = Gone;

    fn begin(_: &Recorded) -> Result<Self, Gone> {
        Ok(Self::default())
    }

    fn take(&mut self, event: &Recorded) -> Result<(), Gone> {
        let (thing, owner) = event.value().unwrap();
        match self.0.get(&thing) {
            Some(owner) => Err(Gone {
                thing,
                owner: *owner,
            }),
            None => {
                self.0.insert(thing, owner);
                Ok(())
            }
        }
    }
}

fn want(things: &[u32], owner: u32) -> Batch {
    let event = |thing: &u32| NewEvent::new(1, "taken", &(thing, owner)).unwrap();
    Batch {
        events: things.iter().map(event).collect(),
        ..Batch::default()
    }
}

type Tried = Result<(), ReplicaError<Gone>>;

pub(super) fn who_is_second_sees_what_the_first_wrote_and_is_refused_by_it(place: &impl Place) {
    let ledger = place.open();
    ledger
        .create(&stream("s"), &super::super::batch(&["begin"]))
        .unwrap();
    let mut one: Replica<Taken> = Replica::open(&*ledger, "s").unwrap();
    let mut other: Replica<Taken> = Replica::open(&*ledger, "s").unwrap();
    let tried: Tried = one.propose(&*ledger, |_| Ok(want(&[7], 1)));
    tried.unwrap();
    let tried: Tried = other.propose(&*ledger, |_| Ok(want(&[7], 2)));
    let refused = tried.unwrap_err();
    assert!(
        matches!(refused, ReplicaError::Refused(Gone { thing: 7, owner: 1 })),
        "{refused}"
    );
    assert_eq!(one.state(), other.state());
    // All or nothing.
    let tried: Tried = other.propose(&*ledger, |_| Ok(want(&[8, 7], 2)));
    tried.unwrap_err();
    assert_eq!(one.state(), other.state());
    assert_eq!(ledger.events("s", 0).unwrap().len(), 2);
    let tried: Tried = other.propose(&*ledger, |_| Ok(want(&[8, 9], 2)));
    tried.unwrap();
    assert_eq!(one.catch_up(&*ledger).unwrap().len(), 2);
    assert_eq!((one.state(), one.last()), (other.state(), 4));
}

pub(super) fn what_is_written_between_the_question_and_the_answer_is_looked_at_before_it_counts(
    place: &impl Place,
) {
    let ledger = place.open();
    ledger
        .create(&stream("s"), &super::super::batch(&["begin"]))
        .unwrap();
    let mut one: Replica<Taken> = Replica::open(&*ledger, "s").unwrap();
    let mut asked = 0;
    let tried: Tried = one.propose(&*ledger, |state| {
        asked += 1;
        if asked == 1 {
            ledger.append("s", 1, &want(&[7], 2)).unwrap();
        }
        match state.0.contains_key(&7) {
            true => Ok(want(&[8], 1)),
            false => Ok(want(&[7], 1)),
        }
    });
    tried.unwrap();
    assert_eq!(asked, 2);
    assert_eq!(one.state().0, BTreeMap::from([(7, 2), (8, 1)]));
}

pub(super) fn a_stream_that_does_not_fit_itself_is_named_with_the_event(place: &impl Place) {
    let ledger = place.open();
    ledger
        .create(&stream("s"), &super::super::batch(&["begin"]))
        .unwrap();
    ledger.append("s", 1, &want(&[7, 7], 1)).unwrap();
    let error = Replica::<Taken>::open(&*ledger, "s")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("event 3 of 's'") && error.contains("repair:"),
        "{error}"
    );
}

/// A process that tries to take each thing that it is told of, and says whether it did.
fn race(ledger: &dyn Ledger) {
    let mut replica: Replica<Taken> = Replica::open(ledger, "s").unwrap();
    println!("\nthere");
    for line in std::io::stdin().lines() {
        let thing = line.unwrap().parse().unwrap();
        let tried: Tried = replica.propose(ledger, |_| Ok(want(&[thing], std::process::id())));
        match tried {
            Ok(()) => println!("\nwon {thing}"),
            Err(ReplicaError::Refused(gone)) if gone.thing == thing => println!("\nlost {thing}"),
            Err(error) => panic!("{error}"),
        }
    }
}

struct Racer {
    process: Child,
    words: ChildStdin,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Racer {
    fn next(&mut self) -> String {
        loop {
            let line = self.lines.next().unwrap().unwrap();
            if ["there", "won ", "lost "]
                .iter()
                .any(|word| line.starts_with(word))
            {
                return line;
            }
        }
    }
}

/// Beads published that both won in five of five two-way races, and up to seven in eight-way ones.
pub(super) fn of_sixteen_processes_that_want_one_thing_one_gets_it(place: &impl Place) {
    if std::env::var_os(RACER).is_some() {
        race(&*place.open());
        return;
    }
    let races = std::env::var(RACES)
        .ok()
        .map(|races| races.parse().unwrap());
    let races: u32 = races.unwrap_or(40);
    let ledger = place.open();
    ledger
        .create(&stream("s"), &super::super::batch(&["begin"]))
        .unwrap();
    let mut racers: Vec<Racer> = (0..16)
        .map(|_| {
            let mut process = place
                .again("of_sixteen_processes_that_want_one_thing_one_gets_it")
                .env(RACER, "1")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            Racer {
                words: process.stdin.take().unwrap(),
                lines: BufReader::new(process.stdout.take().unwrap()).lines(),
                process,
            }
        })
        .collect();
    for racer in &mut racers {
        assert_eq!(racer.next(), "there");
    }
    for thing in 0..races {
        for racer in &mut racers {
            writeln!(racer.words, "{thing}").unwrap();
        }
        let said: Vec<String> = racers.iter_mut().map(Racer::next).collect();
        let won = said.iter().filter(|line| **line == format!("won {thing}"));
        assert_eq!(won.count(), 1, "{said:?}");
        let lost = said.iter().filter(|line| **line == format!("lost {thing}"));
        assert_eq!(lost.count(), 15, "{said:?}");
    }
    for racer in racers {
        let Racer {
            process: mut child,
            words,
            ..
        } = racer;
        drop(words);
        assert!(child.wait().unwrap().success());
    }
    let replica: Replica<Taken> = Replica::open(&*ledger, "s").unwrap();
    assert_eq!(replica.state().0.len(), races as usize);
    assert_eq!(replica.last(), u64::from(races) + 1);
}
