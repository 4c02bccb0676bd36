//! 80 random votes with the results of pref_voting, as `checks/vote/compare.py 80 --seed 3 --record` wrote them.

use serde::Deserialize;

use super::{Election, TallyMethod};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Recorded {
    vote: Election,
    matrix: Vec<Vec<u64>>,
    condorcet: Option<usize>,
    approval_irv: Vec<usize>,
    truncated_irv: Option<Vec<usize>>,
}

#[test]
fn results_are_those_of_pref_voting() {
    let lines = include_str!("recorded.jsonl").lines();
    let mut methods = [0; 3];
    for line in lines {
        let recorded: Recorded = serde_json::from_str(line).unwrap();
        let choices = &recorded.vote.choices;
        let names = |places: &[usize]| -> Vec<String> {
            places.iter().map(|at| choices[*at].clone()).collect()
        };
        let tally = recorded.vote.tally().unwrap();
        methods[tally.method as usize] += 1;
        for (row, one) in recorded.matrix.iter().zip(choices) {
            for (count, other) in row.iter().zip(choices).filter(|(_, other)| *other != one) {
                assert_eq!(tally.matrix[one][other], *count, "{line}");
            }
        }
        match recorded.condorcet {
            Some(winner) => {
                assert_eq!(tally.method, TallyMethod::Condorcet, "{line}");
                assert_eq!(tally.winner.as_ref(), Some(&choices[winner]), "{line}");
            }
            None => {
                let winners = tally.winner.map_or(tally.tied, |winner| vec![winner]);
                assert_ne!(tally.method, TallyMethod::Condorcet, "{line}");
                assert_eq!(winners, names(&recorded.approval_irv), "{line}");
                if let Some(truncated) = recorded.truncated_irv {
                    assert_eq!(winners, names(&truncated), "{line}");
                }
            }
        }
    }
    assert!(methods.iter().all(|count| *count > 5), "{methods:?}");
}
