//! One task on the page: its tries, checks, reviews and change.

use maud::{Markup, html};

use poag_core::work::axis::{AttemptPhase, MergePhase, Place, ReviewRecord, Verdict};
use poag_core::work::{AttemptRecord, CheckOutcome, TaskRecord};
use poag_git::work::{Difference, FileDifference, FileStatus};

use super::page::class;
use super::{by, cost, diff, short};

/// The article of a task.
pub(super) fn article(record: &TaskRecord, change: Option<&Difference>) -> Markup {
    let spent = cost(&record.spent);
    let said = record
        .attempt()
        .map_or("", |attempt| attempt.summary.as_str());
    html! {
        article id={ "task-" (record.task.id) } {
            h2 { (record.task.title) }
            p.soft {
                (record.task.expert) " · "
                @if record.task.working_dir.is_empty() { "the repository's root" } @else { code { (record.task.working_dir) } }
                @if !record.task.depends_on.is_empty() {
                    " · after " @for (at, id) in record.task.depends_on.iter().enumerate() { @if at > 0 { ", " } (id) }
                }
                @if !spent.is_empty() { " · " (spent) }
            }
            @if !said.is_empty() { p { "Its author, " (by(record)) ", says: " (said) } }
            details { summary { "What was asked for" } (log(record, "what was asked for", &record.task.prompt)) }
            (attempts(record))
            (proof(record))
            (reviews(record))
            @if let MergePhase::Red { log } = &record.merge { h3.bad { "The merge is red" } (self::log(record, "what was said of the merge", log)) }
            @if let Some(change) = change { (difference(change)) }
        }
    }
}

/// Text that scrolls where it is long, by keys too.
fn log(record: &TaskRecord, label: &str, text: &str) -> Markup {
    html! { pre.log tabindex="0" role="region" aria-label={ (record.task.id) ": " (label) } { (text) } }
}

fn attempts(record: &TaskRecord) -> Markup {
    let attempts = &record.attempts;
    html! {
        @if attempts.len() > 1 || attempts.iter().any(|attempt| matches!(attempt.phase, AttemptPhase::Failed { .. })) {
            h3 { "Tries" }
            ul { @for attempt in attempts { li { (one_attempt(record, attempt)) } } }
        }
        @for (who, what) in &record.words { p { b { (who) } ": " (what) } }
    }
}

fn one_attempt(record: &TaskRecord, attempt: &AttemptRecord) -> Markup {
    let word = attempt.phase.word();
    html! {
        (attempt.attempt) ", by " (attempt.actor)
        @if let Some(expert) = &attempt.speaks_as { " as " (expert) }
        ": " b class=(class(word)) { (word) }
        @if let AttemptPhase::Failed { reason } = &attempt.phase { ": " (reason) }
        @if !attempt.log.is_empty() { details { summary { "what the next try was told" } (log(record, &format!("what came of try {}", attempt.attempt), &attempt.log)) } }
        @if let Some(salvage) = attempt.worktree.salvage() { p { "What it left is kept in " code { (salvage) } "." } }
    }
}

fn proof(record: &TaskRecord) -> Markup {
    html! {
        @if let Some(proof) = &record.proof {
            h3 { "Checks" }
            p.soft { "of tree " code { (short(&proof.tree)) } ", commit " code { (short(&proof.commit)) } " on " code { (short(&proof.base)) } }
            @if proof.checks.is_empty() { p.wait { "Its flake declares no check." } }
            @for check in &proof.checks { (one_check(record, check)) }
        }
    }
}

fn one_check(record: &TaskRecord, check: &CheckOutcome) -> Markup {
    let (word, class) = if check.green {
        ("green", "good")
    } else {
        ("red", "bad")
    };
    html! {
        details open[!check.green] {
            summary { b class=(class) { (word) } " " code { (check.command) } span.soft { " " (format!("{:.1} s", check.seconds)) } }
            @if check.log.trim().is_empty() { p.soft { "It said nothing." } } @else { (log(record, &format!("what {} said", check.command), &check.log)) }
        }
    }
}

fn reviews(record: &TaskRecord) -> Markup {
    let counts = |review: &ReviewRecord| {
        let proof = record.proof.as_ref();
        proof.is_some_and(|proof| review.is_about(&proof.tree, proof.patch.as_deref()))
    };
    html! {
        @if !record.reviews.is_empty() {
            h3 { "Reviews" }
            ul { @for review in &record.reviews { li { (one_review(review, counts(review))) } } }
        }
    }
}

fn one_review(review: &ReviewRecord, counts: bool) -> Markup {
    let (word, class, text, places) = match &review.verdict {
        Verdict::Approve {} => ("approves", "good", "", &[][..]),
        Verdict::Object { reason, places } => ("objects", "bad", reason.as_str(), &places[..]),
        Verdict::Comment { text, places } => ("remarks", "soft", text.as_str(), &places[..]),
    };
    html! {
        b { (review.reviewer.name) }
        @if let Some(actor) = &review.reviewer.through { " (through " (actor) ")" }
        " " span class=(class) { (word) } " tree " code { (short(&review.tree)) }
        @if !counts { span.soft { ", an earlier tree" } }
        @if !text.is_empty() { ": " (text) }
        @if !places.is_empty() { " (" @for (at, one) in places.iter().enumerate() { @if at > 0 { ", " } code { (place(one)) } } ")" }
    }
}

/// A place as `file:line`.
pub(super) fn place(place: &Place) -> String {
    match place.line {
        Some(line) => format!("{}:{line}", place.path),
        None => place.path.clone(),
    }
}

fn difference(change: &Difference) -> Markup {
    let texts = diff::by_file(&change.text);
    html! {
        h3 { "What it changed" }
        @for file in &change.files {
            @let text = texts.get(file.path.as_str());
            details open[change.files.len() <= 6] {
                summary { (status(file.status)) " " code { (file.path) } " " (lines(file)) }
                @match text {
                    Some(text) => pre.diff tabindex="0" role="region" aria-label={ "Change of " (file.path) } {
                        @for line in text.lines() { span class=(diff::class(line)) { (line) } }
                    },
                    None => p.soft { "Its text is not shown here." },
                }
            }
        }
        @if !change.whole { p.soft { "The change is longer than this page shows; `poag work diff` has all of it." } }
    }
}

fn status(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Added => "new",
        FileStatus::Modified => "changed",
        FileStatus::Deleted => "deleted",
        FileStatus::Retyped => "of another kind",
    }
}

fn lines(file: &FileDifference) -> Markup {
    html! {
        @match (file.added, file.removed) {
            (Some(added), Some(removed)) => { span.good { "+" (added) } " " span.bad { "−" (removed) } },
            _ => span.soft { "no text" },
        }
    }
}
