//! What came of a debate, for reading, and the question who of what is tied shall win.

use std::fmt::Write as _;

use crate::command::runs::told;
use crate::command::style;
use crate::engine::debate::DebateOutcome;
use crate::error::Error;
use crate::terminal;
use poag_core::debate::{DebateMethod, DebateResult, DebateResultChoice};

/// The whole result.
pub fn report(result: &DebateResult) -> String {
    let mut text = match (result.won(), result.method) {
        (Some(won), method) => {
            let how = match method {
                DebateMethod::Condorcet => "beats every other proposal",
                DebateMethod::Irv => "wins by instant runoff",
                DebateMethod::Person => "was chosen among what was tied",
                DebateMethod::First => "is the first of what was tied",
                _ => "is the only proposal that stands",
            };
            let label = style::bold(&won.label);
            format!("{label} ({}) {how}\n\n{}\n", won.by, won.position.trim())
        }
        (None, DebateMethod::Tie) => "a tie: nobody wins\n".to_owned(),
        (None, _) => "nobody proposed anything that stands\n".to_owned(),
    };
    text.push('\n');
    for choice in &result.choices {
        let _ = writeln!(text, "{}", line(choice));
    }
    if let Some(tally) = &result.tally {
        text.push('\n');
        for (name, one) in &result.participants {
            let said = match (&one.ranking, &one.no_vote) {
                (Some(ranks), _) if ranks.iter().all(Vec::is_empty) => "ranked nothing".into(),
                (Some(ranks), _) => {
                    let ranks: Vec<String> = ranks.iter().map(|rank| rank.join(" = ")).collect();
                    ranks.join(" > ")
                }
                (None, why) => {
                    let why = why.as_deref().unwrap_or_default();
                    style::warn(format!("did not vote: {}", first(why)))
                }
            };
            let _ = writeln!(text, "{} {said}", style::dim(format!("{name}:")));
        }
        for (number, round) in tally.rounds.iter().enumerate() {
            let counts = round.counts.iter();
            let counts: Vec<String> = counts
                .map(|(label, count)| format!("{label} {count}"))
                .collect();
            let _ = writeln!(text, "runoff {}: {}", number + 1, counts.join(", "));
        }
    }
    for (number, round) in result.rounds.iter().enumerate() {
        for missing in &round.missing {
            let why = first(&missing.reason);
            let line = format!("round {}: nothing of {}: {why}", number + 1, missing.by);
            let _ = writeln!(text, "{}", style::warn(line));
        }
    }
    if let Some(limit) = &result.limit {
        let _ = writeln!(
            text,
            "{}",
            style::warn(format!("nobody was asked any more: {limit}"))
        );
    }
    let cost = told::cost(&result.usage);
    let turns = result.turns;
    let _ = writeln!(text, "\n{}", style::dim(format!("{turns} turns {cost}")));
    text
}

fn line(choice: &DebateResultChoice) -> String {
    let out = if choice.voted_on {
        ""
    } else {
        " (not voted on)"
    };
    let label = style::bold(&choice.label);
    format!("{label} {} ({}){out}", first(&choice.position), choice.by)
}

fn first(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default()
}

/// Asks the person which of what is tied shall win; none where nothing is typed. Who proposed what is not told before.
pub async fn choose(outcome: &DebateOutcome) -> Result<Option<String>, Error> {
    let mut question = String::from("a tie:\n");
    let choices = outcome.so_far.choices.iter();
    for choice in choices.filter(|choice| outcome.tied.contains(&choice.label)) {
        let position = choice.position.trim().replace('\n', "\n     ");
        let _ = writeln!(question, "  {}  {position}", choice.label);
    }
    let _ = write!(question, "which shall win ({})? ", outcome.tied.join(", "));
    terminal::question(&question);
    let read = || {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    };
    // Reading cannot be interrupted; Ctrl-C ends this process all the same.
    let line = tokio::task::spawn_blocking(read).await;
    let line = line.map_err(crate::engine::EngineError::from)??;
    let word = line.trim().to_uppercase();
    Ok((!word.is_empty()).then_some(word))
}
