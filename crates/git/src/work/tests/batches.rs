use crate::work::{Batch, BatchStep, MAX_BATCH};

/// Runs a batch where these branches are red, alone or in pairs; gives what landed, what is red, and the checks it took.
fn run(
    count: usize,
    culprits: &[usize],
    pairs: &[(usize, usize)],
) -> (Vec<usize>, Vec<usize>, usize) {
    let mut batch = Batch::new(count);
    let mut checks = 0;
    let mut last_green: Option<Vec<usize>> = None;
    loop {
        match batch.step() {
            BatchStep::Check(branches) => {
                checks += 1;
                let red = branches.iter().any(|branch| culprits.contains(branch))
                    || pairs
                        .iter()
                        .any(|(a, b)| branches.contains(a) && branches.contains(b));
                if !red {
                    last_green = Some(branches);
                }
                batch.checked(!red);
            }
            BatchStep::Over { land, red } => {
                // What lands is exactly what was green.
                assert_eq!(last_green.unwrap_or_default(), land);
                return (land, red, checks);
            }
        }
    }
}

#[test]
fn a_green_batch_takes_one_check() {
    for count in 1..=MAX_BATCH {
        let all: Vec<usize> = (0..count).collect();
        assert_eq!(run(count, &[], &[]), (all, Vec::new(), 1));
    }
    assert_eq!(run(0, &[], &[]), (Vec::new(), Vec::new(), 0));
    assert_eq!(run(9, &[], &[]).0.len(), MAX_BATCH);
}

#[test]
fn one_culprit_among_four_costs_at_most_three_further_checks() {
    for culprit in 0..4 {
        let (land, red, checks) = run(4, &[culprit], &[]);
        assert_eq!(red, [culprit]);
        assert_eq!(land.len(), 3);
        assert!(checks <= 1 + 3, "{culprit}: {checks}");
    }
}

#[test]
fn every_set_of_culprits_is_found_and_the_others_land() {
    for count in 1..=MAX_BATCH {
        for set in 0..(1_usize << count) {
            let culprits: Vec<usize> = (0..count).filter(|at| set >> at & 1 == 1).collect();
            let (land, red, checks) = run(count, &culprits, &[]);
            assert_eq!(red, culprits);
            assert_eq!(land.len(), count - culprits.len());
            assert!(checks <= 1 + 3 * culprits.len(), "{culprits:?}: {checks}");
        }
    }
}

#[test]
fn of_two_that_are_green_alone_and_red_together_one_lands() {
    for (a, b) in [(0, 1), (0, 3), (1, 2), (2, 3)] {
        let (land, red, _) = run(4, &[], &[(a, b)]);
        assert_eq!(red, [b]);
        assert_eq!(land.len(), 3);
    }
}
