//! What a replay found, for people.

use std::fmt::Write as _;

use super::measure::Figures;
use super::report::{Base, LeftOutCommits, MethodRow, ReplayReport};

const HEAD: &str = "   R@5   R@10  (95 %)         R@20   pkg@1  pkg@3   in 8k  in 32k   F1, best cut   plan: P, R, F1, files";

/// Snapshots beyond which none is shown.
const MANY: usize = 8;

/// The report as text.
pub fn text(report: &ReplayReport) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    let questions: usize = report.snapshots.iter().map(|base| base.questions).sum();
    let what = match report.asked {
        "commits" => "commits, asked for by their messages",
        _ => "questions",
    };
    line(format!("replay of {questions} {what}"));
    if report.snapshots.len() > MANY {
        line(format!(
            "{} snapshots, one for each base commit",
            report.snapshots.len()
        ));
    }
    let shown = if report.snapshots.len() > MANY {
        0
    } else {
        MANY
    };
    for base in report.snapshots.iter().take(shown) {
        line(format!(
            "snapshot {}: {} text files, {} KiB{}; {} packages: {}",
            &base.commit[..base.commit.len().min(12)],
            base.files,
            base.bytes / 1024,
            past(base),
            base.packages,
            base.packages_by,
        ));
    }
    line(left_out(&report.left_out));
    line(format!("seed {}", report.seed));
    for (name, figures) in [
        (
            "the whole text",
            (|row| &row.full) as fn(&MethodRow) -> &Figures,
        ),
        (
            "no scope: without `scope:`, names of files, numbers of issues",
            |row| &row.no_scope,
        ),
    ] {
        line(String::new());
        line(String::from(name));
        let width = report
            .methods
            .iter()
            .map(|row| title(row).chars().count())
            .max();
        let width = width.unwrap_or_default();
        line(format!("{:width$}{HEAD}", ""));
        for row in &report.methods {
            line(format!("{:width$}{}", title(row), cells(figures(row))));
        }
    }
    line(String::new());
    for sentence in &report.protocol {
        line(String::from(sentence));
    }
    for sentence in report.caveats {
        line(String::from(sentence));
    }
    out
}

fn past(base: &Base) -> String {
    let Some(commits) = base.past else {
        return String::new();
    };
    let note = base.past_note.as_ref();
    let note = note.map_or_else(String::new, |note| format!(" ({note})"));
    format!("; {commits} commits before it{note}")
}

fn title(row: &MethodRow) -> String {
    match &row.without {
        Some(signal) => format!("{} without {signal}", row.method),
        None => row.method.clone(),
    }
}

fn cells(figures: &Figures) -> String {
    let Figures {
        recall5,
        recall10,
        recall10_interval: [low, high],
        recall20,
        packages1,
        packages3,
        within8k,
        within32k,
        best_cut: (cut, f1),
        plan,
        ..
    } = figures;
    let plan = plan.map_or_else(String::new, |[precision, recall, f1, files]| {
        format!("         {precision:.1}, {recall:.1}, {f1:.1}, {files:.1}")
    });
    format!(
        "  {recall5:>4.1}   {recall10:>4.1}  ({low:>4.1} to {high:>4.1})   {recall20:>4.1}   {packages1:>5.1}  {packages3:>5.1}   {within8k:>5.1}  {within32k:>6.1}   {f1:>4.1} at {cut:<2}{plan}"
    )
}

fn left_out(left_out: &LeftOutCommits) -> String {
    let mut parts = String::new();
    let mut add = |count: usize, why: &str| {
        if count > 0 {
            let comma = if parts.is_empty() { "" } else { ", " };
            let _ = write!(parts, "{comma}{count} {why}");
        }
    };
    match left_out {
        LeftOutCommits::Commits(excluded) => {
            add(
                excluded.too_few_files,
                "touch fewer than 2 text files of the snapshot",
            );
            add(excluded.too_many_files, "touch more than 10");
            add(excluded.by_robots, "by programs");
            add(excluded.releases, "make releases");
            add(excluded.records, "change lock files and change logs only");
            add(excluded.without_message, "without a message");
        }
        LeftOutCommits::Questions {
            other_set,
            elsewhere,
            without_files,
        } => {
            add(*other_set, "of another set");
            add(*elsewhere, "of other repositories");
            add(*without_files, "touch no text file of their base commit");
        }
    }
    let total = match left_out {
        LeftOutCommits::Commits(excluded) => excluded.total(),
        LeftOutCommits::Questions {
            other_set,
            elsewhere,
            without_files,
        } => other_set + elsewhere + without_files,
    };
    match total {
        0 => "left out: none".into(),
        _ => format!("left out: {total}: {parts}"),
    }
}
