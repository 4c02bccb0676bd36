//! Rounds: what is seen when, what is refused, and what a round that comes to nothing leads to.

use super::*;
use crate::debate::{DebateMethod, DebateRefusal, DebateWant};

#[test]
fn nothing_is_seen_before_its_round_closes_and_then_under_a_label() {
    let mut debate = debate(&["ada", "bob"], 2);
    let turns = open(&mut debate);
    debate
        .apply(&submitted(&turns[0], says("Say hello")))
        .unwrap();
    let while_open = debate.input("bob");
    assert!(while_open.submissions.is_empty() && while_open.choices.is_empty());
    assert_eq!(
        (while_open.want, while_open.own),
        (DebateWant::Proposal, None)
    );
    debate
        .apply(&submitted(
            &turns[1],
            says("As ada's grand-model and backend of bob I bow"),
        ))
        .unwrap();
    close(&mut debate, Vec::new());
    open(&mut debate);
    let seen = debate.input("bob");
    assert_eq!(seen.own.as_deref(), Some("B"));
    let said: Vec<_> = seen
        .submissions
        .iter()
        .map(|one| (one.label.as_str(), one.submission.position.as_str()))
        .collect();
    // What names its own author is hidden; who else is named is for it to say.
    assert_eq!(
        said,
        [
            ("A", "Say hello"),
            ("B", "As ada's grand-model and [participant] I bow")
        ]
    );
    assert!(!serde_json::to_string(&seen).unwrap().contains("\"bob\""));
}

#[test]
fn the_same_words_twice_change_nothing_and_others_are_refused() {
    let mut debate = debate(&["ada", "bob"], 2);
    let turns = open(&mut debate);
    let event = submitted(&turns[0], says("Say hello"));
    debate.apply(&event).unwrap();
    let once = debate.clone();
    debate.apply(&event).unwrap();
    assert_eq!(debate, once);
    let other = debate.apply(&submitted(&turns[0], says("Say goodbye")));
    assert!(
        matches!(other, Err(DebateRefusal::Already { round: 1, .. })),
        "{other:?}"
    );
    let stranger = TurnId {
        expert: "eve".into(),
        ..turns[0].clone()
    };
    let stranger = debate.apply(&submitted(&stranger, says("Vote for me")));
    assert_eq!(stranger, Err(DebateRefusal::Stranger("eve".into())));
    assert_eq!(debate, once);
}

#[test]
fn what_comes_after_its_round_is_refused_and_its_author_is_told() {
    let mut debate = debate(&["ada", "bob"], 2);
    let turns = open(&mut debate);
    debate
        .apply(&submitted(&turns[0], says("Say hello")))
        .unwrap();
    assert_eq!(debate.next_step(), DebateStep::Wait);
    close(&mut debate, vec![turns[1].clone()]);
    let late = debate.apply(&submitted(&turns[1], says("Wait for me")));
    assert!(
        matches!(&late, Err(DebateRefusal::Late { debater, round: 1 }) if debater == "bob"),
        "{late:?}"
    );
    open(&mut debate);
    let told = debate.input("bob").refused;
    assert_eq!(told[0].round, 1);
    assert!(
        told[0]
            .reason
            .contains("late is refused\nrepair: answer within 600 s"),
        "{told:?}"
    );
    assert!(debate.input("ada").refused.is_empty());
    assert!(debate.closed()[0].missing["bob"].contains("late"));
}

#[test]
fn a_turn_that_failed_is_taken_again_as_often_as_it_may_be() {
    let mut debate = debate(&["ada", "bob"], 1);
    let turns = open(&mut debate);
    debate.apply(&failed(&turns[0], true)).unwrap();
    let again = open(&mut debate);
    assert_eq!((again.len(), again[0].attempt), (1, 2));
    assert!(
        debate.input("ada").refused[0]
            .reason
            .starts_with("it broke")
    );
    debate.apply(&failed(&again[0], true)).unwrap();
    debate.apply(&submitted(&turns[1], says("Bow"))).unwrap();
    assert_eq!(debate.next_step(), DebateStep::Close);
}

#[test]
fn where_nobody_answers_it_ends_without_a_winner() {
    let mut debate = debate(&["ada", "bob"], 4);
    round(&mut debate, &[]);
    assert_eq!(debate.next_step(), DebateStep::Finish);
    let result = debate.outcome();
    assert_eq!((result.winner, result.method), (None, DebateMethod::None));
    assert_eq!(result.rounds[0].missing.len(), 2);
}

#[test]
fn a_round_in_which_all_fail_leaves_what_stood() {
    let mut debate = debate(&["ada", "bob"], 3);
    round(
        &mut debate,
        &[("ada", says("Say hello")), ("bob", says("Bow"))],
    );
    round(&mut debate, &[]);
    assert!(matches!(
        debate.next_step(),
        DebateStep::Open { round: 3, .. }
    ));
    round(&mut debate, &[("bob", says("Bow twice"))]);
    let standing: Vec<_> = debate
        .standing()
        .into_iter()
        .map(|one| (one.label, one.round))
        .collect();
    assert_eq!(standing, [("A".to_owned(), 1), ("B".to_owned(), 3)]);
    assert!(
        matches!(debate.next_step(), DebateStep::Open { round: 4, choices } if choices == ["A", "B"])
    );
}

#[test]
fn where_the_others_withdraw_there_is_nothing_left_to_debate() {
    let mut debate = debate(&["ada", "bob"], 4);
    round(
        &mut debate,
        &[("ada", says("Say hello")), ("bob", says("Bow"))],
    );
    let withdraws = Submission {
        withdraws: true,
        ..says("hello it is")
    };
    round(
        &mut debate,
        &[("ada", says("Say hello")), ("bob", withdraws)],
    );
    assert_eq!(debate.next_step(), DebateStep::Finish);
    let result = debate.outcome();
    assert_eq!(
        (result.winner.as_deref(), result.method),
        (Some("A"), DebateMethod::Sole)
    );
    assert!(result.tally.is_none());
}

#[test]
fn one_of_two_that_failed_may_still_propose() {
    let mut debate = debate(&["ada", "bob"], 2);
    round(&mut debate, &[("ada", says("Say hello"))]);
    assert!(matches!(
        debate.next_step(),
        DebateStep::Open { round: 2, .. }
    ));
    round(
        &mut debate,
        &[("ada", says("Say hello")), ("bob", says("Bow"))],
    );
    assert_eq!(debate.eligible(), ["A", "B"]);
}

#[test]
fn the_choices_with_most_support_are_voted_on_and_no_order_decides_at_the_cut() {
    let names = ["ada", "bob", "cleo", "dan"];
    let all: Vec<_> = names
        .iter()
        .map(|name| (*name, says(&format!("what {name} wants"))))
        .collect();
    let with = |supports: [&[&str]; 4]| {
        let said = names.iter().zip(supports).map(|(name, supports)| {
            let supports = supports.iter().map(|label| (*label).to_owned()).collect();
            (
                *name,
                Submission {
                    supports,
                    ..says(name)
                },
            )
        });
        said.collect::<Vec<_>>()
    };
    for (supports, most, expected) in [
        ([&["A", "B"][..], &["B"], &["A"], &["D"]], 2, vec!["A", "B"]),
        ([&["A"][..], &["B"], &["C"], &[]], 2, vec!["A", "B", "C"]),
        ([&["D"][..], &["D"], &["D"], &["D"]], 1, vec!["D"]),
    ] {
        let mut start = start(&names, 2);
        start.choices = Some(most);
        let mut debate = Debate::new(start);
        round(&mut debate, &all);
        round(&mut debate, &with(supports));
        assert_eq!(debate.eligible(), expected);
    }
}

#[test]
fn nobody_is_asked_beyond_what_may_be_spent() {
    let mut start = start(&["ada", "bob"], 3);
    start.max_tokens = Some(24);
    let mut debate = Debate::new(start);
    round(
        &mut debate,
        &[("ada", says("Say hello")), ("bob", says("Bow"))],
    );
    for number in 2..=4 {
        let DebateStep::Open { round, choices } = debate.next_step() else {
            panic!()
        };
        assert_eq!(round, number);
        debate
            .apply(&DebateEvent::RoundOpened { round, choices })
            .unwrap();
        assert_eq!(debate.next_step(), DebateStep::Close);
        close(&mut debate, Vec::new());
    }
    assert_eq!(
        debate.next_step(),
        DebateStep::Person(vec!["A".into(), "B".into()])
    );
    let result = debate.outcome();
    assert_eq!(
        (result.turns, result.limit.as_deref()),
        (2, Some("the 24 tokens of the debate are spent"))
    );
}
