//! What a participant is given in a turn: what was said in rounds that have closed, under labels.

use super::machine::Debate;
use super::payload::{
    Argument, DEBATE_VERSION, DebateChoice, DebateInput, DebateWant, Revealed, Submission,
};

/// What stands in the place of words by which a participant names itself.
const SOMEBODY: &str = "[participant]";
/// Shorter words are too common to be a name.
const NAME_CHARS: usize = 4;

impl Debate {
    /// What a participant is given now.
    #[must_use]
    pub fn input(&self, debater: &str) -> DebateInput {
        let (start, want) = (self.start(), self.want());
        let own = start.panel.get(debater);
        let mut submissions = Vec::new();
        for (round, closed) in (1..).zip(self.closed()) {
            let said = closed.submissions.iter();
            let mut said: Vec<Revealed> = said
                .filter_map(|(name, submission)| {
                    Some(Revealed {
                        round,
                        label: start.panel.get(name)?.label.clone(),
                        submission: self.anonymous(name, submission),
                    })
                })
                .collect();
            said.sort_by(|one, other| one.label.cmp(&other.label));
            submissions.extend(said);
        }
        let spoke = submissions
            .iter()
            .any(|one| Some(&one.label) == own.map(|own| &own.label));
        let choice = |choice: DebateChoice| {
            let said = submissions.iter();
            let mut said =
                said.filter(|one| (one.round, &one.label) == (choice.round, &choice.label));
            let position = said.next().map(|one| one.submission.position.clone());
            DebateChoice {
                position: position.unwrap_or_default(),
                ..choice
            }
        };
        let judges = want == DebateWant::Ranking;
        let voted_on = |choice: &DebateChoice| !judges || self.ballot().contains(&choice.label);
        let standing = self.standing().into_iter().filter(voted_on);
        DebateInput {
            schema_version: DEBATE_VERSION,
            topic: start.topic.clone(),
            role: own.and_then(|own| own.role.clone()),
            choices: standing.map(choice).collect(),
            own: own
                .filter(|_| spoke && !judges)
                .map(|own| own.label.clone()),
            refused: self.refused(debater).cloned().collect(),
            round: self.open_round().unwrap_or(1),
            rounds: start.rounds,
            seconds: start.deadline,
            want,
            submissions,
        }
    }

    /// A submission without the words by which its author names itself: its name, backend and model, where the topic does
    /// not hold them too.
    fn anonymous(&self, name: &str, submission: &Submission) -> Submission {
        let (start, own) = (self.start(), self.start().panel.get(name));
        let is_expert = own.is_some_and(|own| own.expert == name);
        let named = (!is_expert).then_some(name);
        let selection = &start.selection;
        let backend = selection.backends.get(name).map(String::as_str);
        let model = selection.models.get(name).map(String::as_str);
        let topic = start.topic.to_lowercase();
        let words: Vec<&str> = [model, named, backend]
            .into_iter()
            .flatten()
            .filter(|word| word.chars().count() >= NAME_CHARS)
            .filter(|word| !topic.contains(&word.to_lowercase()))
            .collect();
        let hide = |text: &String| {
            let mut text = text.clone();
            for word in &words {
                text = without(&text, word);
            }
            text
        };
        Submission {
            position: hide(&submission.position),
            arguments: submission
                .arguments
                .iter()
                .map(|argument| Argument {
                    text: hide(&argument.text),
                    citations: argument.citations.clone(),
                })
                .collect(),
            ..submission.clone()
        }
    }
}

/// The text with a word, in any case of ASCII, hidden where it stands alone.
fn without(text: &str, word: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let word = word.to_ascii_lowercase();
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in lower.match_indices(&word) {
        let end = at + word.len();
        let alone = !letter(text[..at].chars().next_back()) && !letter(text[end..].chars().next());
        if alone && at >= done {
            out.push_str(&text[done..at]);
            out.push_str(SOMEBODY);
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn a_name_is_hidden_only_where_it_stands_alone() {
        for (text, expected) in [
            ("I, Codex, say so.", "I, [participant], say so."),
            ("codex codex", "[participant] [participant]"),
            ("codexes and _codex", "codexes and _codex"),
            ("Ünter codex!", "Ünter [participant]!"),
            ("", ""),
        ] {
            assert_eq!(without(text, "codex"), expected);
        }
    }
}
