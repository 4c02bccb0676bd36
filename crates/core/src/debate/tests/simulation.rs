//! Debates of random participants: whatever they do, nobody is asked twice, nothing is seen early, and it ends.

use std::collections::BTreeSet;

use super::*;

const DEBATES: u64 = 300;

#[test]
fn whatever_happens_a_debate_keeps_its_promises_and_ends() {
    for seed in 0..DEBATES {
        let mut random = fastrand::Rng::with_seed(seed);
        let names = ["ada", "bob", "cleo", "dan"];
        let names = &names[..random.usize(2..=4)];
        let mut start = start(names, random.u32(1..=4));
        start.tie = [TieRule::Ask, TieRule::First, TieRule::Fail][random.usize(0..3)];
        start.choices = random.bool().then(|| random.u32(1..=3));
        let mut debate = Debate::new(start);
        let (mut events, mut under_way) = (Vec::new(), Vec::new());
        let mut answered = BTreeSet::new();
        for steps in 0.. {
            assert!(steps < 1000, "seed {seed} does not end");
            let event = match debate.next_step() {
                DebateStep::Over => break,
                DebateStep::Open { round, choices } => DebateEvent::RoundOpened { round, choices },
                DebateStep::Ask(turns) => {
                    let turn = turns[random.usize(0..turns.len())].clone();
                    let key = (turn.expert.clone(), turn.turn);
                    assert!(
                        !answered.contains(&key),
                        "seed {seed}: {turn} is asked twice"
                    );
                    let input = debate.input(&turn.expert);
                    assert!(
                        input.submissions.iter().all(|one| one.round < turn.turn),
                        "seed {seed}"
                    );
                    under_way.push(turn.clone());
                    DebateEvent::DebaterAsked { turn }
                }
                DebateStep::Wait | DebateStep::Close if random.u32(0..10) == 0 => {
                    under_way.clear();
                    DebateEvent::DebateResumed {}
                }
                DebateStep::Wait if random.u32(0..10) == 0 => {
                    let round = debate.open_round().unwrap();
                    DebateEvent::RoundClosed {
                        round,
                        late: std::mem::take(&mut under_way),
                    }
                }
                DebateStep::Wait => {
                    let turn = under_way.swap_remove(random.usize(0..under_way.len()));
                    match random.u32(0..6) {
                        0 => failed(&turn, random.bool()),
                        _ => {
                            answered.insert((turn.expert.clone(), turn.turn));
                            answer(&debate, &turn, &mut random)
                        }
                    }
                }
                DebateStep::Close => {
                    let round = debate.open_round().unwrap();
                    DebateEvent::RoundClosed {
                        round,
                        late: Vec::new(),
                    }
                }
                DebateStep::Person(tied) => DebateEvent::TieBroken {
                    choice: tied[random.usize(0..tied.len())].clone(),
                    by: Some("mia".into()),
                },
                DebateStep::Break(choice) => DebateEvent::TieBroken { choice, by: None },
                DebateStep::Finish => {
                    let result = Box::new(debate.outcome());
                    DebateEvent::DebateFinished { result }
                }
            };
            debate.apply(&event).unwrap();
            events.push(event);
        }
        let mut again = Debate::new(debate.start().clone());
        events.iter().for_each(|event| again.apply(event).unwrap());
        assert_eq!(again, debate, "seed {seed}");
    }
}

fn answer(debate: &Debate, turn: &TurnId, random: &mut fastrand::Rng) -> DebateEvent {
    if turn.turn > debate.start().rounds {
        let mut ranking: Vec<Vec<String>> = Vec::new();
        for label in debate.ballot() {
            match random.u32(0..4) {
                0 => {}
                1 if !ranking.is_empty() => ranking[0].push(label.clone()),
                _ => ranking.insert(0, vec![label.clone()]),
            }
        }
        return DebateEvent::Voted {
            turn: turn.clone(),
            taken: taken(),
            ranking,
        };
    }
    let standing = debate.standing();
    let supports = standing
        .into_iter()
        .filter(|_| random.bool())
        .map(|one| one.label);
    let supports = supports.collect();
    let withdraws = random.u32(0..5) == 0;
    submitted(
        turn,
        Submission {
            supports,
            withdraws,
            ..says(&turn.to_string())
        },
    )
}
