//! What a person sees of a board: one projection of all axes, made here and nowhere else.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::axis::{AttemptPhase, TaskPhase, WorktreePhase};
use super::milestone::GateState;
use super::{Board, TaskId, TaskRecord, WorkPhase};
use crate::agent::Usage;

/// A board as a person sees it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkView {
    /// Version of this document: 1.
    pub schema_version: u32,
    /// The work's id.
    pub work: String,
    /// What was asked for.
    pub request: String,
    /// The flake that was asked.
    pub flake: String,
    /// How far it has come, in one word or two.
    pub state: String,
    /// The work's branch.
    pub branch: String,
    /// Full id of its tip.
    pub tip: String,
    /// Its tasks, providers before consumers.
    pub tasks: Vec<TaskView>,
    /// Its milestones, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<MilestoneView>,
    /// What a person has to do, one line each; empty where nothing needs one.
    pub needs_you: Vec<String>,
    /// What all turns cost that ended.
    pub spent: Usage,
    /// Backends whose provider does not answer now.
    pub providers: Vec<String>,
}

/// A milestone as a person sees it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneView {
    /// Its name.
    pub name: String,
    /// Where its gate stands, in one word or a few; `open` where tasks of the next one can begin.
    pub state: String,
    /// How many of its tasks have landed, and how many there are.
    pub landed: (usize, usize),
    /// Full id of the commit that was checked last.
    pub commit: Option<String>,
    /// Who agreed.
    pub nod: Option<String>,
}

/// A task as a person sees it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskView {
    /// Its name.
    pub id: TaskId,
    /// One line about it.
    pub title: String,
    /// The expert whose flake it changes.
    pub expert: String,
    /// How far it has come, in one word or two.
    pub state: String,
    /// Who has it, or had it last.
    pub actor: Option<String>,
    /// The try under way, or the last one; 0 for none.
    pub attempt: u32,
    /// What it waits for, why it failed, or what was said last.
    pub detail: String,
    /// Approvals that count, and how many it needs.
    pub approvals: (usize, u32),
    /// Objections that count.
    pub objections: usize,
    /// How far its merge has come; empty for not begun.
    pub merge: String,
    /// The branch of the last try.
    pub branch: Option<String>,
    /// The ref that holds what the last try left uncommitted.
    pub salvage: Option<String>,
    /// How often somebody wrote after a lease had ended.
    pub late: u64,
    /// What its turns cost.
    pub spent: Usage,
}

impl Board {
    /// What a person sees of it at this time.
    #[must_use]
    pub fn view(&self, now: i64) -> WorkView {
        let gated = self.gated();
        let tasks: Vec<TaskView> = self
            .providers_first()
            .into_iter()
            .map(|record| self.task_view(record, now, &gated))
            .collect();
        let mut needs_you: Vec<String> = self.tasks.values().filter_map(|r| self.need(r)).collect();
        needs_you.extend(self.gate_needs());
        let all_landed = self.is_through()
            && self.closed_gate().is_none()
            && self.tasks.values().any(|r| r.phase == TaskPhase::Landed {})
            && matches!(self.phase, WorkPhase::Running {} | WorkPhase::Paused { .. });
        if all_landed {
            let mut need =
                "everything is on the work's branch: `poag work land` moves yours to it".to_owned();
            if !self.held_back.is_empty() {
                need.push_str("; not by itself, since ");
                need.push_str(&self.held_back.join("; "));
            }
            needs_you.push(need);
        }
        let down = |health: &super::axis::ProviderHealth| !health.may_ask(now);
        WorkView {
            schema_version: 1,
            work: self.start.work.clone(),
            request: self.start.request.clone(),
            flake: self.start.flake.clone(),
            state: match (&self.phase, all_landed, needs_you.is_empty()) {
                (WorkPhase::Running {}, true, _) => "done".into(),
                (WorkPhase::Running {}, false, false) => "needs you".into(),
                (phase, _, _) => phase.word().into(),
            },
            branch: self.start.branch.clone(),
            tip: self.tip.clone(),
            tasks,
            milestones: self.milestone_views(),
            needs_you,
            spent: self.spent,
            providers: self
                .providers
                .iter()
                .filter(|(_, health)| down(health))
                .map(|(name, _)| name.clone())
                .collect(),
        }
    }

    /// All tasks, each after those that it depends on, and by name where nothing else tells.
    #[must_use]
    pub fn providers_first(&self) -> Vec<&TaskRecord> {
        let mut missing: std::collections::BTreeMap<&TaskId, usize> = self
            .tasks
            .iter()
            .map(|(id, record)| (id, record.task.depends_on.len()))
            .collect();
        let mut free: BTreeSet<&TaskId> = missing
            .iter()
            .filter(|(_, count)| **count == 0)
            .map(|(id, _)| *id)
            .collect();
        let mut order = Vec::with_capacity(self.tasks.len());
        while let Some(id) = free.pop_first() {
            order.extend(self.tasks.get(id));
            for dependent in self.dependents.get(id).into_iter().flatten() {
                if let Some(count) = missing.get_mut(dependent) {
                    *count -= 1;
                    if *count == 0 {
                        free.insert(dependent);
                    }
                }
            }
        }
        order
    }

    fn milestone_views(&self) -> Vec<MilestoneView> {
        let gates = self.gates().into_iter();
        gates
            .map(|(milestone, state)| {
                let own =
                    |record: &&TaskRecord| record.task.milestone.as_ref() == Some(&milestone.name);
                let all = self.tasks.values().filter(own);
                let landed = all.clone().filter(|r| r.phase == TaskPhase::Landed {});
                let record = self.gates.get(&milestone.name);
                MilestoneView {
                    name: milestone.name.clone(),
                    state: state.words(),
                    landed: (landed.count(), all.count()),
                    commit: record.and_then(|record| record.commit.clone()),
                    nod: record.and_then(|record| record.nod.clone()),
                }
            })
            .collect()
    }

    /// What a person has to do about the first gate that is not open.
    fn gate_needs(&self) -> Option<String> {
        let (milestone, state) = self.closed_gate()?;
        let name = &milestone.name;
        match state {
            GateState::Nod => Some(format!(
                "milestone {name} waits for your nod (`poag work nod {name}`)"
            )),
            GateState::Red(command) => Some(format!(
                "milestone {name} is red: {} (`poag work retry TASK` has one of its tasks done anew)",
                first_line(&command)
            )),
            _ => None,
        }
    }

    fn task_view(&self, record: &TaskRecord, now: i64, gated: &BTreeSet<&str>) -> TaskView {
        let attempt = record.attempt();
        let (approvals, objections) = record.tally();
        let lease = record.lease.and_then(|epoch| self.leases.get(&epoch));
        let state = match (&record.phase, attempt) {
            (TaskPhase::Leased {}, Some(attempt)) if attempt.phase.is_open() => {
                attempt.phase.word()
            }
            (phase, _) => phase.word(),
        };
        let worktree = attempt.map(|attempt| &attempt.worktree);
        TaskView {
            id: record.task.id.clone(),
            title: record.task.title.clone(),
            expert: record.task.expert.clone(),
            state: state.to_owned(),
            actor: lease
                .map(|lease| lease.actor.clone())
                .or_else(|| attempt.map(|attempt| attempt.actor.clone())),
            attempt: attempt.map_or(0, |attempt| attempt.attempt),
            detail: detail(record, now, gated),
            approvals: (approvals, self.start.policy.approvals),
            objections,
            merge: record.merge.word().to_owned(),
            branch: worktree.and_then(WorktreePhase::branch).map(str::to_owned),
            salvage: worktree.and_then(WorktreePhase::salvage).map(str::to_owned),
            late: record.late_count,
            spent: record.spent,
        }
    }

    /// What a person has to do about a task.
    fn need(&self, record: &TaskRecord) -> Option<String> {
        let id = &record.task.id;
        Some(match &record.phase {
            TaskPhase::Asking { question } => {
                format!(
                    "{id} asks: {} (`poag work say {id} …`)",
                    first_line(question)
                )
            }
            TaskPhase::Parked { reason } => format!(
                "{id} is parked: {} (why: `poag work log --task {id}`; then `poag work retry {id}` or `poag work abort`)",
                first_line(reason)
            ),
            _ => return None,
        })
    }
}

/// What it waits for, why it failed, or what was said last.
fn detail(record: &TaskRecord, now: i64, gated: &BTreeSet<&str>) -> String {
    let last = record.attempt();
    let milestone = record.task.milestone.as_deref();
    let milestone = milestone.filter(|name| gated.contains(name));
    match &record.phase {
        TaskPhase::Waiting {} => {
            let names: Vec<&str> = record.missing.iter().map(TaskId::as_str).collect();
            format!("for {}", names.join(", "))
        }
        TaskPhase::Parked { reason } | TaskPhase::Abandoned { reason } => reason.clone(),
        TaskPhase::Asking { question } => question.clone(),
        TaskPhase::Leased {} => last
            .and_then(|attempt| attempt.progress.as_ref())
            .map_or_else(String::new, |(text, percent)| match percent {
                Some(percent) => format!("{percent} %: {text}"),
                None => text.clone(),
            }),
        TaskPhase::Ready {} if record.not_before > now => {
            let wait = (record.not_before - now).div_euclid(1000) + 1;
            format!("again in {wait} s: {}", reason(last))
        }
        TaskPhase::Ready {} if milestone.is_some() => {
            format!("for milestone {} to begin", milestone.unwrap_or_default())
        }
        TaskPhase::Ready {} => match (&record.sent_back, last) {
            (Some(said), _) => format!("sent back: {}", first_line(said)),
            (None, Some(_)) => reason(last),
            (None, None) => String::new(),
        },
        TaskPhase::InReview {} | TaskPhase::Queued {} | TaskPhase::Landed {} => {
            last.map_or_else(String::new, |attempt| first_line(&attempt.summary))
        }
    }
}

/// Why a try came to nothing.
fn reason(attempt: Option<&super::AttemptRecord>) -> String {
    match attempt.map(|attempt| &attempt.phase) {
        Some(AttemptPhase::Failed { reason }) => first_line(reason),
        Some(phase) => phase.word().to_owned(),
        None => String::new(),
    }
}

fn first_line(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    line.chars().take(160).collect()
}
