//! What is looked at of a work: where tasks stand, what happened, what was changed.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{code, here, meant, watch};
use crate::command::context::engine;
use crate::command::global::Global;
use crate::command::print::json_line;
use crate::command::runs::told;
use crate::command::style;
use crate::engine::work::{WorkEntry, WorkSummary};
use crate::error::{Error, exit};
use crate::terminal;
use poag_core::work::view::{TaskView, WorkView};
use poag_core::work::{TaskId, WorkEvent};

/// Lines of each failure in the log of a whole work.
const LOG_LINES: usize = 10;

/// Which work, and in which form.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// For a script; its shape is schema/work-view.v1.schema.json
    #[arg(long)]
    pub json: bool,
}

/// What happened.
#[derive(Args, Debug)]
pub struct LogArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// Of this task alone, with all that its checks said where an attempt failed
    #[arg(long, value_name = "TASK")]
    pub task: Option<String>,
    /// Every event whole, one JSON object per line
    #[arg(long)]
    pub jsonl: bool,
}

/// What was changed.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// By this task alone, landed or not
    #[arg(long, value_name = "TASK")]
    pub task: Option<String>,
}

/// What became of every branch.
#[derive(Args, Debug)]
pub struct AuditArgs {
    /// The work
    #[arg(value_name = "WORK")]
    pub work: Option<String>,
    /// For a script
    #[arg(long)]
    pub json: bool,
}

/// Runs `list`.
pub fn list(global: &Global, all: bool, json: bool) -> Result<u8, Error> {
    let engine = engine(global)?;
    let flake = match all {
        true => None,
        false => here(&engine, global)?,
    };
    let works = engine.works()?.list(flake.as_deref(), None)?;
    say_list(&works, json)
}

/// Lists works.
pub fn say_list(works: &[WorkSummary], json: bool) -> Result<u8, Error> {
    if json {
        return json_line(&works);
    }
    if works.is_empty() {
        terminal::note("no work was begun here yet; `poag work start` carries the newest plan out");
        return Ok(exit::NOTHING_FOUND);
    }
    let rows = works.iter().map(row).collect();
    terminal::people(&style::table_within(told::width(), rows))?;
    Ok(exit::OK)
}

fn row(work: &WorkSummary) -> (Vec<String>, String) {
    let id = work.id.get(..13).unwrap_or(&work.id);
    let state = work.state.as_deref().unwrap_or("of another version");
    let (landed, all) = work.landed;
    let request = work.request.as_deref().unwrap_or_default();
    let driven = match &work.holder {
        Some(holder) => format!("({holder}) "),
        None => String::new(),
    };
    let cells = vec![
        style::bold(id),
        style::dim(told::time(work.created)),
        state.to_owned(),
        format!("{landed}/{all}"),
    ];
    (cells, format!("{driven}{request}"))
}

/// Runs `show`.
pub fn show(args: &ShowArgs, global: &Global) -> Result<u8, Error> {
    let (_, works, id) = meant(global, args.work.as_deref())?;
    let work = works.open(&id).map_err(crate::engine::EngineError::from)?;
    say_view(&work.view(), args.json)
}

/// Shows a work.
pub fn say_view(view: &WorkView, json: bool) -> Result<u8, Error> {
    match json {
        true => drop(json_line(view)?),
        false => terminal::people(&table(view))?,
    }
    Ok(code(view))
}

/// A work as a table, and what needs a person below it.
pub fn table(view: &WorkView) -> String {
    let mut text = format!(
        "{} {}\n  {}\n",
        style::bold(format!("work {}", view.work)),
        view.state,
        told::cut(view.request.lines().next().unwrap_or_default(), 100)
    );
    let tasks = view.tasks.iter().map(task_row).collect();
    text.push_str(&style::table_within(told::width(), tasks));
    for milestone in &view.milestones {
        let (landed, all) = milestone.landed;
        let state = match milestone.state.as_str() {
            "open" => style::good("open"),
            state => state.to_owned(),
        };
        let mut line = format!("  milestone {}: {state}, {landed}/{all}", milestone.name);
        if let Some(commit) = &milestone.commit {
            line.push_str(&format!(", checked at {}", poag_core::work::short(commit)));
        }
        if let Some(by) = &milestone.nod {
            line.push_str(&format!(", {by} agreed"));
        }
        text.push_str(&line);
        text.push('\n');
    }
    let cost = told::cost(&view.spent);
    if !cost.is_empty() {
        text.push_str(&format!("  it {cost}\n"));
    }
    for provider in &view.providers {
        text.push_str(&format!(
            "  {}\n",
            style::warn(format!("{provider} does not answer now"))
        ));
    }
    let waiting = view.tasks.iter().filter(|task| task.state == "in review");
    for task in waiting {
        let id = &task.id;
        text.push_str(&format!(
            "  {id} is in review: `poag work review {id} --approve`\n"
        ));
    }
    for need in &view.needs_you {
        text.push_str(&format!("  {}\n", style::warn(need)));
    }
    text
}

fn task_row(task: &TaskView) -> (Vec<String>, String) {
    let state = match task.state.as_str() {
        "landed" => style::good(&task.state),
        "parked" | "asking" => style::warn(&task.state),
        _ => task.state.clone(),
    };
    let (approvals, needed) = task.approvals;
    let objections = match task.objections {
        0 => String::new(),
        many => format!(" -{many}"),
    };
    let late = match task.late {
        0 => String::new(),
        many => format!("({many} late)"),
    };
    let rest = [task.merge.as_str(), &task.detail, &late];
    let rest = rest.into_iter().filter(|word| !word.is_empty());
    let cells = vec![
        format!("  {}", task.id),
        state,
        format!("{}/{}", task.actor.as_deref().unwrap_or("-"), task.attempt),
        format!("{approvals}/{needed}{objections}"),
    ];
    (cells, rest.collect::<Vec<_>>().join("  "))
}

/// Runs `log`.
pub fn log(args: &LogArgs, global: &Global) -> Result<u8, Error> {
    let (_, works, id) = meant(global, args.work.as_deref())?;
    let work = works.open(&id).map_err(crate::engine::EngineError::from)?;
    let events = work.events().map_err(crate::engine::EngineError::from)?;
    say_log(&events, args)
}

/// Tells what happened.
pub fn say_log(events: &[WorkEntry], args: &LogArgs) -> Result<u8, Error> {
    let about = |task: &&TaskId| args.task.as_deref() == Some(task.as_str());
    let wanted = events.iter().filter(|entry| {
        let mut tasks = entry.event.tasks().into_iter();
        args.task.is_none() || tasks.any(|task| about(&task))
    });
    if args.jsonl {
        let mut out = terminal::json_lines();
        for entry in wanted {
            serde_json::to_writer(&mut out, entry).map_err(crate::engine::EngineError::from)?;
            std::io::Write::write_all(&mut out, b"\n")?;
        }
        std::io::Write::flush(&mut out)?;
        return Ok(exit::OK);
    }
    let lines = wanted.map(|entry| {
        let at = style::dim(told::time(entry.at));
        let log = failure(&entry.event, args.task.is_some());
        format!("{at}  {}\n{log}", watch::line(&entry.event))
    });
    terminal::people(&lines.collect::<String>())?;
    Ok(exit::OK)
}

/// What the checks of an attempt or of a merge said where they failed, indented: the end of it, or `whole`.
fn failure(event: &WorkEvent, whole: bool) -> String {
    let log = match event {
        WorkEvent::AttemptEnded { log, .. } => log,
        // Its first line is told.
        WorkEvent::CandidateRed { log, .. } => log.split_once('\n').map_or("", |(_, rest)| rest),
        _ => "",
    };
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = match whole {
        true => 0,
        false => lines.len().saturating_sub(LOG_LINES),
    };
    let kept = lines.iter().skip(from);
    kept.map(|line| format!("    {}\n", style::dim(*line)))
        .collect()
}

/// Runs `diff`.
pub fn diff(args: &DiffArgs, global: &Global) -> Result<u8, Error> {
    let (engine, _, id) = meant(global, args.work.as_deref())?;
    say_diff(&engine.work_difference(&id, args.task.as_deref())?)
}

/// Shows what was changed.
pub fn say_diff(text: &str) -> Result<u8, Error> {
    terminal::document(text)?;
    Ok(match text.is_empty() {
        true => exit::NOTHING_FOUND,
        false => exit::OK,
    })
}

/// A branch and what became of it.
#[derive(Deserialize, Serialize)]
pub struct AuditRow {
    branch: String,
    fate: String,
}

/// Runs `audit`.
pub fn audit(args: &AuditArgs, global: &Global) -> Result<u8, Error> {
    let (engine, _, id) = meant(global, args.work.as_deref())?;
    let fates = engine.audit_work(&id)?;
    let row = |(branch, fate): &(_, _)| AuditRow {
        branch: String::from(branch),
        fate: String::from(fate),
    };
    say_audit(&fates.iter().map(row).collect::<Vec<_>>(), args.json)
}

/// Tells what became of branches.
pub fn say_audit(rows: &[AuditRow], json: bool) -> Result<u8, Error> {
    let lost = rows.iter().any(|row| row.fate == "lost");
    if json {
        json_line(&rows)?;
    } else {
        let lines = rows
            .iter()
            .map(|row| format!("{:10}  {}\n", row.fate, row.branch));
        terminal::people(&lines.collect::<String>())?;
    }
    Ok(match lost {
        true => exit::FAILURE,
        false => exit::OK,
    })
}
