//! How a run ended: dissent, limits, the plan, and what it cost.

use super::page::Page;
use crate::agent::Usage;
use crate::command::runs::told;
use crate::command::style;
use crate::council::event::Opening;
use crate::engine::run::transcript::{Transcript, TranscriptEnd};
use crate::plan::Plan;

/// Tells it.
pub fn foot(page: &mut Page, transcript: &Transcript) {
    let plan = &transcript.plan;
    let title = match transcript.finished {
        true => "How it ended",
        false => "How it stands",
    };
    page.line(0, style::bold(title));
    for dissent in &plan.council.dissent {
        let text = format!(
            "{} objects to {}: {}",
            dissent.from, dissent.to, dissent.reason
        );
        page.painted(2, "dissent", &text, style::warn);
    }
    for limit in &plan.council.limits {
        page.painted(2, "limit", &limit.to_string(), style::warn);
    }
    for refused in &plan.council.refused {
        let text = format!(
            "{} did not ask {}: {}",
            refused.from, refused.to, refused.why
        );
        page.labelled(2, "unasked", &text);
    }
    for asked in plan.council.asked.iter().filter(|asked| !asked.answered) {
        let why = asked.why_not.as_deref().unwrap_or("nobody knows");
        let text = format!("{} gave {} no answer: {why}", asked.to, asked.from);
        page.labelled(2, "missing", &text);
    }
    for note in plan
        .council
        .notes
        .iter()
        .filter(|note| note.expert.is_none())
    {
        page.labelled(2, "notes", &note.text);
    }
    page.labelled(2, "plan", &plan_said(plan));
    page.labelled(2, "cost", &cost_said(transcript));
    let reused = reuse_said(transcript);
    if !reused.is_empty() {
        page.labelled(2, "reuse", &reused);
    }
    let id = &transcript.run;
    page.labelled(2, "more", &format!("poag run replay {id}"));
    page.labelled(
        2,
        "",
        &format!("poag run show {id} --turn {}/1", transcript.root),
    );
}

fn plan_said(plan: &Plan) -> String {
    if plan.is_empty() {
        return "nothing was found".into();
    }
    let paths: usize = plan.subflakes.values().map(|paths| paths.len()).sum();
    let answer = match plan.answer.is_empty() {
        true => "no answer",
        false => "an answer",
    };
    format!(
        "{answer}, {paths} paths in {} flakes, {} steps",
        plan.subflakes.len(),
        plan.plan.len()
    )
}

fn cost_said(transcript: &Transcript) -> String {
    let turns = transcript.parts.iter().flat_map(|part| &part.turns);
    let failed = turns
        .clone()
        .filter(|turn| matches!(turn.end, TranscriptEnd::Failed { .. }));
    let (turns, failed) = (turns.clone().count(), failed.count());
    let experts = transcript.parts.len();
    let many = |count: usize| if count == 1 { "" } else { "s" };
    let mut said = format!(
        "{turns} turn{} of {experts} expert{}",
        many(turns),
        many(experts)
    );
    if failed > 0 {
        said.push_str(&format!(", {failed} of them failed"));
    }
    let cost = told::cost(&transcript.plan.council.usage);
    match cost.is_empty() {
        true => format!("{said}; no tokens, no money"),
        false => format!("{said}; {cost}"),
    }
}

/// What did not have to be learned for this question.
fn reuse_said(transcript: &Transcript) -> String {
    let members = || transcript.parts.iter().flat_map(|part| &part.members);
    let count = |opening| members().filter(|member| member.opening == opening).count();
    let mut said: Vec<String> = [
        (Opening::Reused, "checkpoints used again"),
        (Opening::Told, "told what changed"),
        (Opening::Primed, "primed anew"),
    ]
    .into_iter()
    .map(|(opening, words)| (count(opening), words))
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect();
    let Usage {
        input_tokens: sent,
        cached_tokens: cached,
        ..
    } = transcript.plan.council.usage;
    if let Some(share) = cached
        .saturating_mul(100)
        .checked_div(sent)
        .filter(|share| *share > 0)
    {
        said.push(format!("{share} % of the tokens sent came from a cache"));
    }
    said.join(", ")
}
