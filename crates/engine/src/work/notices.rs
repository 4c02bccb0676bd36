//! Who is told what became of a work, and what each has been told: a queue of its own, beside the work's events, so that a
//! supervisor that was killed tells nobody twice and forgets nobody.

mod recipient;

use std::collections::{BTreeMap, BTreeSet};

use poag_core::work::axis::TaskPhase;
use poag_core::work::{Board, WorkPhase};
use poag_ledger::{Batch, Ledger, NewEvent, NewStream};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::WorkError;
use crate::notify::{Notice, NoticeKind, next_try};

pub use recipient::NoticeRecipient;

/// The artifact of a work that says who is told.
pub(super) const RECIPIENTS: &str = "recipients";
/// The kind of stream that holds a queue.
const QUEUE: &str = "notices";
/// Version of [`NoticeEvent`].
const VERSION: u32 = 1;

/// What happens in a queue.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    tag = "event",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
enum NoticeEvent {
    /// These are to be told.
    Queued {
        notice: Notice,
        recipients: Vec<String>,
    },
    /// One was.
    Told { id: String, recipient: String },
    /// One was not; it is tried again at `next`, in milliseconds since 1970 in UTC, or not any more.
    Missed {
        id: String,
        recipient: String,
        next: Option<i64>,
    },
}

impl NoticeEvent {
    fn kind(&self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Told { .. } => "told",
            Self::Missed { .. } => "missed",
        }
    }
}

/// A notice on its way to one recipient.
#[derive(Clone, Debug)]
struct Pending {
    notice: Notice,
    failed: usize,
    /// When it is tried, in milliseconds since 1970 in UTC.
    next: i64,
    under_way: bool,
}

/// A try at telling somebody.
pub(super) struct Telling {
    recipient: NoticeRecipient,
    notice: Notice,
    variable: fn(&str) -> Option<String>,
    now: i64,
}

/// What came of it.
pub(super) struct NoticeTold {
    id: String,
    recipient: String,
    kind: NoticeKind,
    failure: Option<String>,
}

impl Telling {
    /// Tries.
    pub(super) async fn run(self) -> NoticeTold {
        let told = self.recipient.tell(&self.notice, (self.variable, self.now));
        let failure = told.await.err().map(|error| error.to_string());
        NoticeTold {
            id: self.notice.id,
            recipient: self.recipient.name,
            kind: self.notice.kind,
            failure,
        }
    }
}

impl super::OpenWork<'_> {
    /// Who is told what becomes of it.
    pub(super) fn recipients(&self) -> Result<Vec<NoticeRecipient>, WorkError> {
        let Some(kept) = self.kept(RECIPIENTS)? else {
            return Ok(Vec::new());
        };
        let read = serde_json::from_slice(&kept);
        read.map_err(|error| WorkError::Replay(format!("who is told cannot be read: {error}")))
    }
}

/// The queue of one work.
pub struct NoticeQueue<'l> {
    ledger: &'l dyn Ledger,
    stream: String,
    last: u64,
    recipients: Vec<NoticeRecipient>,
    variable: fn(&str) -> Option<String>,
    seen: BTreeSet<String>,
    pending: BTreeMap<(String, String), Pending>,
}

impl<'l> NoticeQueue<'l> {
    /// The queue of a work as it was left.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(super) fn open(
        ledger: &'l dyn Ledger,
        work: &str,
        recipients: Vec<NoticeRecipient>,
        variable: fn(&str) -> Option<String>,
    ) -> Result<Self, WorkError> {
        let mut queue = Self {
            ledger,
            stream: format!("{work}-notices"),
            last: 0,
            recipients,
            variable,
            seen: BTreeSet::new(),
            pending: BTreeMap::new(),
        };
        if ledger.stream(&queue.stream).is_err() {
            return Ok(queue);
        }
        for recorded in ledger.events(&queue.stream, 0)? {
            let event = recorded.value()?;
            queue.take(&event, recorded.at);
            queue.last = recorded.seq;
        }
        Ok(queue)
    }

    fn take(&mut self, event: &NoticeEvent, at: i64) {
        match event {
            NoticeEvent::Queued { notice, recipients } => {
                self.seen.insert(notice.id.clone());
                for recipient in recipients {
                    let pending = Pending {
                        notice: notice.clone(),
                        failed: 0,
                        next: at,
                        under_way: false,
                    };
                    let key = (notice.id.clone(), recipient.clone());
                    self.pending.insert(key, pending);
                }
            }
            NoticeEvent::Told { id, recipient } => {
                self.pending.remove(&(id.clone(), recipient.clone()));
            }
            NoticeEvent::Missed {
                id,
                recipient,
                next,
            } => {
                let key = (id.clone(), recipient.clone());
                match (next, self.pending.get_mut(&key)) {
                    (Some(next), Some(pending)) => {
                        pending.failed += 1;
                        pending.next = *next;
                        pending.under_way = false;
                    }
                    _ => drop(self.pending.remove(&key)),
                }
            }
        }
    }

    fn note(&mut self, event: &NoticeEvent) -> Result<(), WorkError> {
        let batch = Batch {
            events: vec![NewEvent::new(VERSION, event.kind(), event)?],
            ..Batch::default()
        };
        self.last = match self.last {
            0 => {
                let stream = NewStream {
                    id: &self.stream,
                    kind: QUEUE,
                    subject: "",
                };
                self.ledger.create(&stream, &batch)?
            }
            last => self.ledger.append(&self.stream, last, &batch)?,
        };
        self.take(event, self.ledger.now());
        Ok(())
    }

    /// Queues what is to be told of a board; once for what has been told before.
    ///
    /// # Errors
    /// When the ledger fails.
    pub(super) fn look(&mut self, board: &Board, idle: bool) -> Result<(), WorkError> {
        if self.recipients.is_empty() {
            return Ok(());
        }
        let now = self.ledger.now();
        let Some(notice) = news(board, now, idle) else {
            return Ok(());
        };
        if self.seen.contains(&notice.id) {
            return Ok(());
        }
        let hear = self.recipients.iter().filter(|one| one.hears(notice.kind));
        let recipients = hear.map(|one| one.name.clone()).collect();
        self.note(&NoticeEvent::Queued { notice, recipients })
    }

    /// What is due: each is to be tried now.
    pub(super) fn due(&mut self) -> Vec<Telling> {
        let now = self.ledger.now();
        let recipients = &self.recipients;
        let due = self.pending.iter_mut();
        due.filter(|(_, pending)| !pending.under_way && pending.next <= now)
            .filter_map(|((_, name), pending)| {
                let recipient = recipients.iter().find(|one| one.name == *name)?;
                pending.under_way = true;
                Some(Telling {
                    recipient: recipient.clone(),
                    notice: pending.notice.clone(),
                    variable: self.variable,
                    now,
                })
            })
            .collect()
    }

    /// Writes down what came of a try; gives it in words.
    ///
    /// # Errors
    /// When the ledger fails.
    pub(super) fn told(&mut self, told: NoticeTold) -> Result<String, WorkError> {
        let NoticeTold {
            id,
            recipient,
            kind,
            failure,
        } = told;
        let Some(why) = failure else {
            let line = format!("{recipient} is told: {}", kind.event_type());
            self.note(&NoticeEvent::Told { id, recipient })?;
            return Ok(line);
        };
        let key = (id.clone(), recipient.clone());
        let failed = self.pending.get(&key).map_or(0, |pending| pending.failed);
        let next = next_try(failed + 1, self.ledger.now());
        let line = format!("{recipient} could not be told: {why}");
        self.note(&NoticeEvent::Missed {
            id,
            recipient,
            next,
        })?;
        Ok(line)
    }

    /// When the next try is, in milliseconds since 1970 in UTC; none where nobody is to be told.
    #[must_use]
    pub(super) fn next(&self) -> Option<i64> {
        let known = |name: &String| self.recipients.iter().any(|one| one.name == *name);
        let pending = self.pending.iter().filter(|((_, name), _)| known(name));
        pending.map(|(_, pending)| pending.next).min()
    }
}

/// What is to be told of a board now; `idle` where nothing happens by itself any more.
fn news(board: &Board, now: i64, idle: bool) -> Option<Notice> {
    let view = board.view(now);
    let landed = view.tasks.iter().any(|task| task.state == "landed");
    let mut lines = view.needs_you;
    let kind = match &board.phase {
        WorkPhase::Aborted { by, reason } => {
            lines = vec![format!("{by} aborted it: {reason}")];
            NoticeKind::Failed
        }
        WorkPhase::Landed { branch, to, .. } => {
            lines = vec![format!("{branch} is at {to}")];
            NoticeKind::Done
        }
        WorkPhase::RolledBack { .. } | WorkPhase::Paused { .. } => return None,
        WorkPhase::Running {} if view.state == "done" => NoticeKind::Done,
        WorkPhase::Running {} if board.is_through() && !landed => {
            lines = vec!["every task was abandoned, nothing is to land".into()];
            NoticeKind::Failed
        }
        WorkPhase::Running {} => {
            let waiting = view.tasks.iter().filter(|task| task.state == "in review");
            if idle {
                lines.extend(waiting.map(|task| {
                    let id = &task.id;
                    format!("{id} is in review: `poag work review {id} --approve`")
                }));
            }
            NoticeKind::NeedsYou
        }
    };
    if lines.is_empty() {
        return None;
    }
    // The same question, asked again after an answer, is another one.
    let turns: usize = board
        .tasks
        .values()
        .filter(|record| {
            matches!(
                record.phase,
                TaskPhase::Asking { .. } | TaskPhase::Parked { .. } | TaskPhase::InReview {}
            )
        })
        .map(|record| record.attempts.len() + record.words.len() + record.before.len())
        .sum();
    let of = format!("{} {kind:?} {turns} {}", view.work, lines.join("\n"));
    let digest = poag_core::hex(&Sha256::digest(of.as_bytes()));
    Some(Notice {
        id: format!("msg_{}", digest.get(..32).unwrap_or(&digest)),
        kind,
        work: view.work,
        request: view.request,
        text: lines,
        at: now,
    })
}
