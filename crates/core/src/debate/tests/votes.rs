//! The vote, and who chooses where it is a tie.

use super::*;
use crate::debate::{DebateMethod, DebateRefusal};

fn up_to_vote(tie: TieRule, names: &[&str]) -> Debate {
    let mut start = start(names, 1);
    start.tie = tie;
    let mut debate = Debate::new(start);
    let all: Vec<_> = names
        .iter()
        .map(|name| (*name, says(&format!("what {name} wants"))))
        .collect();
    round(&mut debate, &all);
    debate
}

#[test]
fn who_judges_is_not_told_which_proposal_is_its_own() {
    let mut debate = up_to_vote(TieRule::Ask, &["ada", "bob"]);
    open(&mut debate);
    let input = debate.input("ada");
    assert_eq!((input.own, input.choices.len(), input.round), (None, 2, 2));
}

#[test]
fn the_winner_beats_every_other_and_who_did_not_vote_is_shown() {
    let mut debate = up_to_vote(TieRule::Ask, &["ada", "bob", "cleo"]);
    vote(
        &mut debate,
        &[("ada", &[&["B"], &["A"]]), ("bob", &[&["B"]])],
    );
    assert_eq!(debate.next_step(), DebateStep::Finish);
    let result = debate.outcome();
    assert_eq!(
        (result.winner.as_deref(), result.method),
        (Some("B"), DebateMethod::Condorcet)
    );
    assert_eq!(result.won().unwrap().by, "bob");
    assert!(
        result.participants["cleo"]
            .no_vote
            .as_ref()
            .unwrap()
            .starts_with("it broke")
    );
    assert_eq!(result.tally.unwrap().matrix["B"]["A"], 2);
}

#[test]
fn a_cycle_is_resolved_by_runoff() {
    let names = ["ada", "bob", "cleo", "dan", "eve"];
    let mut debate = up_to_vote(TieRule::Ask, &names);
    let ballots: [(&str, &[&[&str]]); 5] = [
        ("ada", &[&["A"], &["B"], &["C"]]),
        ("bob", &[&["B"], &["C"], &["A"]]),
        ("cleo", &[&["C"], &["A"], &["B"]]),
        ("dan", &[&["A"], &["B"], &["C"]]),
        ("eve", &[&["C"], &["A"], &["B"]]),
    ];
    // A over B 4 to 1, B over C 3 to 2, C over A 3 to 2; then B leaves, whose ballot has C next.
    vote(&mut debate, &ballots);
    let result = debate.outcome();
    assert_eq!(result.method, DebateMethod::Irv);
    assert_eq!(result.winner.as_deref(), Some("C"));
    assert!(!result.tally.unwrap().rounds.is_empty());
}

#[test]
fn of_two_persons_who_answer_a_tie_the_first_counts() {
    let mut debate = up_to_vote(TieRule::Ask, &["ada", "bob", "cleo"]);
    vote(&mut debate, &[("ada", &[&["A"]]), ("bob", &[&["B"]])]);
    assert_eq!(
        debate.next_step(),
        DebateStep::Person(vec!["A".into(), "B".into()])
    );
    let choose = |choice: &str, by: &str| DebateEvent::TieBroken {
        choice: choice.into(),
        by: Some(by.into()),
    };
    let other = debate.apply(&choose("C", "mia"));
    assert!(
        other
            .unwrap_err()
            .to_string()
            .ends_with("choose one of: A, B")
    );
    debate.apply(&choose("B", "mia")).unwrap();
    let second = debate.apply(&choose("A", "joe"));
    assert_eq!(
        second,
        Err(DebateRefusal::Broken {
            choice: "B".into(),
            by: Some("mia".into())
        })
    );
    let result = debate.outcome();
    assert_eq!(
        (result.winner.as_deref(), result.method),
        (Some("B"), DebateMethod::Person)
    );
}

#[test]
fn a_tie_is_as_the_debate_began_with() {
    for (rule, step, winner, method) in [
        (
            TieRule::First,
            DebateStep::Break("A".into()),
            Some("A"),
            DebateMethod::First,
        ),
        (TieRule::Fail, DebateStep::Finish, None, DebateMethod::Tie),
    ] {
        let mut debate = up_to_vote(rule, &["ada", "bob"]);
        vote(&mut debate, &[]);
        assert_eq!(debate.next_step(), step);
        if let DebateStep::Break(choice) = step {
            debate
                .apply(&DebateEvent::TieBroken { choice, by: None })
                .unwrap();
        }
        let result = debate.outcome();
        assert_eq!((result.winner.as_deref(), result.method), (winner, method));
    }
}

#[test]
fn a_finished_debate_takes_nothing_more() {
    let mut debate = up_to_vote(TieRule::Fail, &["ada", "bob"]);
    vote(&mut debate, &[]);
    let result = Box::new(debate.outcome());
    debate
        .apply(&DebateEvent::DebateFinished { result })
        .unwrap();
    assert_eq!(debate.next_step(), DebateStep::Over);
    assert!(debate.apply(&DebateEvent::DebateResumed {}).is_err());
}
