//! A debate as Markdown: a page for each submission, and one for the result.
//!
//! Texts of participants stand in quotations, so that a heading or a fence in them begins nothing of the page's own.

use std::fmt::Write as _;

use super::payload::{Cited, Submission};
use super::result::{DebateMethod, DebateResult};
use crate::clean::clean;
use crate::name::shown;

/// What one participant submitted in one round.
#[must_use]
pub fn participant_page(round: u32, label: &str, by: &str, submission: &Submission) -> String {
    let mut page = format!("# Round {round}: {} ({label})\n\n", shown(by));
    page.push_str(&quoted(&submission.position));
    if submission.withdraws {
        page.push_str("\nThe own proposal is withdrawn.\n");
    }
    if !submission.supports.is_empty() {
        let _ = writeln!(page, "\nSupports: {}", submission.supports.join(", "));
    }
    if !submission.arguments.is_empty() {
        page.push_str("\n## Arguments\n");
    }
    for argument in &submission.arguments {
        page.push('\n');
        page.push_str(&quoted(&argument.text));
        if !argument.citations.is_empty() {
            page.push('\n');
        }
        for cited in &argument.citations {
            let _ = writeln!(page, "- {}", place(cited));
        }
    }
    page
}

/// What came of it.
#[must_use]
pub fn result_page(result: &DebateResult) -> String {
    let mut page = format!("# What came of the debate\n\n{}\n", quoted(&result.topic));
    page.push_str(&match (result.won(), result.method) {
        (Some(won), method) => {
            let by = shown(&won.by);
            let how = how(method, result);
            format!(
                "**{}** ({by}) {how}:\n\n{}",
                won.label,
                quoted(&won.position)
            )
        }
        (None, DebateMethod::Tie) => {
            let tied = result.tally.as_ref().map(|tally| tally.tied.join(", "));
            format!("A tie between {}: nobody wins.\n", tied.unwrap_or_default())
        }
        (None, _) => "Nobody proposed anything that stands.\n".to_owned(),
    });
    page.push_str("\n## Proposals\n\n");
    for choice in &result.choices {
        let title = choice.position.trim().lines().next().unwrap_or_default();
        let out = if choice.voted_on || result.tally.is_none() {
            ""
        } else {
            " (not voted on)"
        };
        let by = shown(&choice.by);
        let _ = writeln!(
            page,
            "- **{}** ({by}): {}{out}",
            choice.label,
            inline(title)
        );
    }
    vote(&mut page, result);
    page.push_str("\n## Participants\n\n| participant | label | backend | model | turns cost |\n|---|---|---|---|---|\n");
    for (name, one) in &result.participants {
        let model = one.model.as_deref().map(shown).unwrap_or_default();
        let (name, tokens) = (
            shown(name),
            one.usage.input_tokens + one.usage.output_tokens,
        );
        let cost = one.usage.cost_usd;
        let _ = writeln!(
            page,
            "| {name} | {} | {} | {model} | {tokens} tokens, ${cost:.4} |",
            one.label,
            shown(&one.backend)
        );
    }
    let absent: Vec<String> = (1..)
        .zip(&result.rounds)
        .flat_map(|(number, round): (u32, _)| {
            let missing = round.missing.iter();
            missing.map(move |one| {
                let why = one.reason.lines().next().unwrap_or_default();
                format!("- round {number}, {}: {}\n", shown(&one.by), inline(why))
            })
        })
        .collect();
    if !absent.is_empty() {
        page.push_str("\n## What is missing\n\n");
        absent.iter().for_each(|line| page.push_str(line));
    }
    if let Some(limit) = &result.limit {
        let _ = writeln!(page, "\nNobody was asked any more: {limit}.");
    }
    page
}

fn how(method: DebateMethod, result: &DebateResult) -> String {
    let tied = || {
        let tie = result.tie.as_ref();
        tie.map(|tie| tie.tied.join(", ")).unwrap_or_default()
    };
    match method {
        DebateMethod::Condorcet => "wins: it beats every other proposal, one against one".into(),
        DebateMethod::Irv => "wins by instant runoff".into(),
        DebateMethod::Person => {
            let by = result.tie.as_ref().and_then(|tie| tie.by.as_deref());
            format!(
                "was chosen by {} among {}, which are tied",
                shown(by.unwrap_or("a person")),
                tied()
            )
        }
        DebateMethod::First => format!("is the first of {}, which are tied", tied()),
        DebateMethod::Sole => "is the only proposal that stands".into(),
        DebateMethod::Tie | DebateMethod::None => String::new(),
    }
}

fn vote(page: &mut String, result: &DebateResult) {
    let Some(tally) = &result.tally else { return };
    page.push_str("\n## Vote\n\n| ballot of | ranking |\n|---|---|\n");
    for (name, one) in &result.participants {
        let ranking = match (&one.ranking, &one.no_vote) {
            (Some(ranks), _) if ranks.iter().all(Vec::is_empty) => "ranked nothing".to_owned(),
            (Some(ranks), _) => {
                let ranks: Vec<String> = ranks.iter().map(|rank| rank.join(" = ")).collect();
                ranks.join(" > ")
            }
            (None, why) => {
                let why = why.as_deref().unwrap_or_default();
                format!(
                    "did not vote: {}",
                    inline(why.lines().next().unwrap_or_default())
                )
            }
        };
        let _ = writeln!(page, "| {} | {ranking} |", shown(name));
    }
    page.push_str("\nHow many ballots rank the row above the column:\n\n| |");
    let labels: Vec<&String> = tally.matrix.keys().collect();
    for label in &labels {
        let _ = write!(page, " {label} |");
    }
    page.push_str("\n|---|");
    labels.iter().for_each(|_| page.push_str("---|"));
    for (above, row) in &tally.matrix {
        let _ = write!(page, "\n| **{above}** |");
        for label in &labels {
            match row.get(*label) {
                Some(count) => {
                    let _ = write!(page, " {count} |");
                }
                None => page.push_str(" |"),
            }
        }
    }
    page.push('\n');
    for (number, round) in tally.rounds.iter().enumerate() {
        let counts = round.counts.iter();
        let counts: Vec<String> = counts
            .map(|(label, count)| format!("{label} {count}"))
            .collect();
        let out = match round.eliminated.is_empty() {
            true => "all that are left have the same".to_owned(),
            false => format!("{} out", round.eliminated.join(", ")),
        };
        let _ = writeln!(
            page,
            "\nRunoff {}: {}; {out}.",
            number + 1,
            counts.join(", ")
        );
    }
}

fn place(cited: &Cited) -> String {
    match cited {
        Cited::Submission { round, label } => format!("round {round}, {label}"),
        Cited::File {
            expert,
            path,
            lines,
        } => {
            let expert = expert.as_deref().unwrap_or_default();
            let lines = match lines {
                Some((first, last)) if first == last => format!(":{first}"),
                Some((first, last)) => format!(":{first}-{last}"),
                None => String::new(),
            };
            format!("`{}`, {}{lines}", shown(expert), shown(path))
        }
    }
}

/// Foreign text as a quotation.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for line in clean(text.trim()).lines() {
        out.push_str(match line.is_empty() {
            true => ">",
            false => "> ",
        });
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Foreign text in one line of a table or list.
fn inline(text: &str) -> String {
    let text: String = clean(text).chars().take(200).collect();
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace(['<', '`', '*', '[', '#'], "")
}
