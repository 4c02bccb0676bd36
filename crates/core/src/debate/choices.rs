//! Which proposals stand, and which of them are voted on.

use std::collections::BTreeMap;

use super::machine::Debate;
use super::payload::DebateChoice;

impl Debate {
    /// The proposals that stand after the rounds that have closed, by label: of each participant what it submitted last,
    /// unless it withdrew with that.
    #[must_use]
    pub fn standing(&self) -> Vec<DebateChoice> {
        let mut last: BTreeMap<&str, DebateChoice> = BTreeMap::new();
        for (number, round) in (1..).zip(self.closed()) {
            for (name, submission) in &round.submissions {
                let Some(debater) = self.start().panel.get(name) else {
                    continue;
                };
                let choice = DebateChoice {
                    label: debater.label.clone(),
                    round: number,
                    position: submission.position.clone(),
                };
                match submission.withdraws {
                    true => last.remove(debater.label.as_str()),
                    false => last.insert(&debater.label, choice),
                };
            }
        }
        last.into_values().collect()
    }

    /// The labels that are voted on, in their order: all that stand, or as many as the debate began with, those that most
    /// participants support in the last round in which anybody submitted anything. Where some have the same support at the
    /// cut, all of them are voted on: no order decides.
    #[must_use]
    pub fn eligible(&self) -> Vec<String> {
        let standing = self.standing();
        let most = self
            .start()
            .choices
            .map_or(usize::MAX, |most| most as usize);
        let labels = standing.iter().map(|choice| choice.label.clone());
        if standing.len() <= most {
            return labels.collect();
        }
        let last = self.closed().iter().rev();
        let last = last.map(|round| &round.submissions);
        let last = last.into_iter().find(|said| !said.is_empty());
        let support = |label: &String| {
            let all = last.into_iter().flat_map(|said| said.values());
            all.filter(|said| said.supports.contains(label)).count()
        };
        let counted = labels.map(|label| {
            let count = support(&label);
            (label, count)
        });
        let counted = counted.collect::<Vec<_>>();
        let mut counts: Vec<usize> = counted.iter().map(|(_, count)| *count).collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        let least = counts.get(most.saturating_sub(1)).copied().unwrap_or(0);
        let stays = counted.into_iter().filter(|(_, count)| *count >= least);
        stays.map(|(label, _)| label).collect()
    }
}
