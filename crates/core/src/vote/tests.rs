use super::*;

/// `A:B=C` ranks A first, then B and C as equals; each ballot is given as many times as it says.
fn election(choices: &str, ballots: &[(usize, &str)]) -> Election {
    let ranking = |text: &str| -> Vec<Vec<String>> {
        let ranks = text.split(':').filter(|rank| !rank.is_empty());
        ranks
            .map(|rank| rank.split('=').map(str::to_owned).collect())
            .collect()
    };
    let all = ballots
        .iter()
        .flat_map(|(times, text)| std::iter::repeat_n(*text, *times));
    Election {
        choices: choices.split(':').map(str::to_owned).collect(),
        ballots: all
            .enumerate()
            .map(|(number, text)| Ballot {
                by: format!("v{number}"),
                ranking: ranking(text),
            })
            .collect(),
    }
}

/// Method and winner or tied choices, in one word each.
fn result(choices: &str, ballots: &[(usize, &str)]) -> String {
    let tally = election(choices, ballots).tally().unwrap();
    let who = tally.winner.unwrap_or_else(|| tally.tied.join("="));
    format!("{:?} {who}", tally.method)
}

#[test]
fn results_by_hand() {
    let cases = [
        // The example of Tennessee (Wikipedia, "Condorcet method"): Nashville beats each other city.
        (
            "Condorcet N",
            "M:N:C:K",
            &[
                (42, "M:N:C:K"),
                (26, "N:C:K:M"),
                (15, "C:K:N:M"),
                (17, "K:C:N:M"),
            ][..],
        ),
        // A circle: A leaves first with 2, then its ballots make B stronger.
        (
            "Irv B",
            "A:B:C",
            &[(2, "A:B:C"), (3, "B:C:A"), (4, "C:A:B")],
        ),
        // A circle of equals.
        (
            "Tie A=B=C",
            "A:B:C",
            &[(1, "A:B:C"), (1, "B:C:A"), (1, "C:A:B")],
        ),
        // Those left out come last: B is beaten by A on the third ballot.
        ("Condorcet A", "A:B", &[(1, "A:B"), (1, "B:A"), (1, "A")]),
        // A rank that holds two counts for both.
        (
            "Tie A=B",
            "A:B:C",
            &[(3, "A=B:C"), (1, "C:A:B"), (1, "C:B:A")],
        ),
        // The two lowest leave at once, whatever their order; one after the other, C would win.
        (
            "Irv B",
            "D:A:B:C",
            &[(4, "A"), (3, "B:D:C:A"), (2, "C:B"), (2, "D:C:B")],
        ),
        ("Tie A=B", "A:B", &[]),
        ("Tie A=B", "A:B", &[(3, "")]),
        ("Condorcet A", "A", &[]),
    ];
    for (wanted, choices, ballots) in cases {
        assert_eq!(result(choices, ballots), wanted, "{ballots:?}");
    }
}

#[test]
fn matrix_and_rounds_are_in_the_result() {
    let ballots = [(2, "A:B:C"), (3, "B:C:A"), (4, "C:A:B")];
    let tally = election("A:B:C", &ballots).tally().unwrap();
    assert_eq!(tally.matrix["A"]["B"], 6);
    assert_eq!(tally.matrix["B"]["A"], 3);
    assert_eq!(tally.matrix["C"]["A"], 7);
    assert!(!tally.matrix["A"].contains_key("A"));
    let eliminated: Vec<_> = tally.rounds.iter().map(|round| &round.eliminated).collect();
    assert_eq!(eliminated, [&["A"], &["C"]]);
    assert_eq!(tally.rounds[1].counts["B"], 5);
}

#[test]
fn who_ranks_nothing_is_named() {
    let tally = election("A:B", &[(1, "A"), (1, "")]).tally().unwrap();
    assert_eq!(tally.abstained, ["v1"]);
}

#[test]
fn the_order_of_choices_and_ballots_changes_nothing() {
    let ballots = [(3, "A:B=D"), (3, "B:C:A"), (4, "C:A:B"), (2, "D:C")];
    let first = election("A:B:C:D", &ballots).tally().unwrap();
    let mut turned = ballots;
    turned.reverse();
    let second = election("D:B:C:A", &turned).tally().unwrap();
    assert_eq!(first.winner, second.winner);
    assert_eq!(first.matrix, second.matrix);
    let counts = |tally: &Tally| -> Vec<_> {
        tally
            .rounds
            .iter()
            .map(|round| round.counts.clone())
            .collect()
    };
    assert_eq!(counts(&first), counts(&second));
}

#[test]
fn what_is_not_valid_is_refused_and_said() {
    let mut twice = election("A:B", &[(2, "A")]);
    twice.ballots[1].by = "v0".to_owned();
    let long = "x".repeat(MAX_NAME_CHARS + 1);
    let cases = [
        (twice, "'v0' has more than one ballot"),
        (election("A:A", &[]), "'A' is listed twice"),
        (election("A: ", &[]), "is empty or longer"),
        (election(&long, &[]), "is empty or longer"),
        (
            election("A:B", &[(1, "A:C")]),
            "ranks 'C', which is no choice",
        ),
        (election("A:B", &[(1, "A:B:A")]), "ranks 'A' twice"),
        (
            election(&vec!["x"; MAX_CHOICES + 1].join(":"), &[]),
            "65 choices",
        ),
    ];
    for (election, wanted) in cases {
        let text = election.tally().unwrap_err().to_string();
        assert!(text.contains(wanted), "{text}");
        assert!(
            text.lines().last().unwrap().starts_with("repair: "),
            "{text}"
        );
    }
}

#[test]
fn unknown_fields_are_refused() {
    let text = r#"{"choices": ["a"], "ballots": [], "weights": []}"#;
    assert!(serde_json::from_str::<Election>(text).is_err());
}
