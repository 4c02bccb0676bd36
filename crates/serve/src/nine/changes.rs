//! What is written: messages, words of control, snippets. What a client writes counts once it closes the file, whole or not
//! at all; a word of control at once.

use std::sync::Arc;
use std::time::Instant;

use poag_core::session::MESSAGE_BYTES;
use poag_core::work::{TaskId, WorkEvent};
use poag_engine::session::{OpenSession, OpenSessionRequest, SNIPPET_BYTES, SnippetLedger};
use poag_engine::work::{OpenWork, ReviewWords};
use poag_engine::{BackendChoice, EngineError, on_own_thread};

use super::failure::NineFailure;
use super::node::{ExpertFile, FileOfTask, TreeNode};
use super::tree::{FileTree, missing, of_engine};
use crate::caller::{Caller, Scope};
use crate::problem::{Problem, ProblemKind};
use crate::sessions::{answered, with_session};

/// What was written to an open file, and does not count yet.
#[derive(Debug)]
pub(super) enum FileDraft {
    /// A message; the session that it is said in is there once something was written.
    Message {
        session: Option<String>,
        text: Vec<u8>,
    },
    /// Words of control count at once.
    Control,
    Snippet {
        /// What it held when it was opened.
        before: Vec<u8>,
        text: Vec<u8>,
        changed: bool,
        /// Whether nothing but its end was written: it is put behind what is there then.
        appended: bool,
    },
}

impl FileDraft {
    /// An open snippet; `cut` where it is to hold nothing from now on.
    pub fn snippet(before: Vec<u8>, cut: bool) -> Self {
        let text = match cut {
            true => Vec::new(),
            false => before.clone(),
        };
        Self::Snippet {
            changed: cut && !before.is_empty(),
            appended: !cut,
            before,
            text,
        }
    }

    /// Cuts an open snippet.
    pub fn cut(&mut self, length: usize) -> Result<(), NineFailure> {
        let Self::Snippet {
            text,
            changed,
            appended,
            ..
        } = self
        else {
            return Ok(());
        };
        if length > text.len() {
            return Err(NineFailure::Invalid);
        }
        if length < text.len() {
            text.truncate(length);
            (*changed, *appended) = (true, false);
        }
        Ok(())
    }

    fn write(&mut self, offset: u64, data: &[u8]) -> Result<(), NineFailure> {
        let (text, most) = match self {
            Self::Message { text, .. } => {
                text.extend(data);
                (text, MESSAGE_BYTES)
            }
            Self::Control => return Ok(()),
            Self::Snippet {
                before,
                text,
                changed,
                appended,
            } => {
                let from = usize::try_from(offset).map_err(|_| NineFailure::TooLarge)?;
                // A file has no holes here.
                if from > text.len() {
                    return Err(NineFailure::Invalid);
                }
                let over = text.len().min(from + data.len());
                text.splice(from..over, data.iter().copied());
                *changed = true;
                *appended &= from >= before.len();
                (text, SNIPPET_BYTES)
            }
        };
        if text.len() > most {
            return Err(NineFailure::TooLarge);
        }
        match std::str::from_utf8(text) {
            // The rest of a character may come with the next part.
            Err(error) if error.error_len().is_some() => Err(NineFailure::other(
                "the text is not UTF-8\nrepair: write text",
            )),
            _ => Ok(()),
        }
    }
}

/// What whoever writes there must have the right to.
pub(super) fn scope(node: &TreeNode) -> Scope {
    match node {
        TreeNode::OfTask(..) => Scope::Work,
        _ => Scope::Ask,
    }
}

impl FileTree {
    /// Refuses a change that its caller may not make, or makes too often.
    pub fn may_change(&self, caller: &Caller, node: &TreeNode) -> Result<(), NineFailure> {
        caller.may(scope(node)).map_err(super::fid::of_right)?;
        let taken = self.server.changes.take(&caller.id, Instant::now());
        taken.map_err(|_| NineFailure::TooMany)
    }

    /// Takes a part of what is written in.
    pub async fn write(
        &self,
        (caller, node): (&Caller, &TreeNode),
        draft: &mut FileDraft,
        (offset, data): (u64, &[u8]),
    ) -> Result<(), NineFailure> {
        if let FileDraft::Control = draft {
            let words = std::str::from_utf8(data).map_err(|_| NineFailure::Invalid)?;
            return Ok(self.control(caller, node, words.trim()).await?);
        }
        draft.write(offset, data)?;
        if let (FileDraft::Message { session, .. }, TreeNode::OfExpert(shown, _)) = (draft, node)
            && session.is_none()
        {
            *session = Some(self.begin(caller, shown).await?);
        }
        Ok(())
    }

    /// The open session of an expert; a new one where there is none.
    async fn begin(&self, caller: &Caller, shown: &str) -> Result<String, Problem> {
        let expert = self.expert(shown).await?;
        let _alone = self.opening.lock().await;
        if let Some(id) = self.session(&expert).await? {
            return Ok(id);
        }
        let (engine, target) = (self.server.engine.clone(), expert.flake.target.clone());
        let request = OpenSessionRequest {
            expert: Some(expert.name),
            name: None,
            backends: BackendChoice::default(),
            by: caller.name.clone(),
        };
        let open = async move || engine.open_session(&target, &request).await;
        Ok(on_own_thread::<_, EngineError>(open).await?.0)
    }

    /// Lets what was written count. Tells whether a message was said.
    pub async fn commit(
        &self,
        (caller, node): (&Caller, &TreeNode),
        draft: FileDraft,
    ) -> Result<bool, NineFailure> {
        match draft {
            FileDraft::Message { session, text } => {
                let text = String::from_utf8(text).map_err(|_| NineFailure::Invalid)?;
                let (Some(session), false) = (session, text.trim().is_empty()) else {
                    return Ok(false);
                };
                let by = caller.name.clone();
                let say = move |open: &mut OpenSession<'_>| {
                    let text = text.strip_suffix('\n').unwrap_or(&text);
                    open.say(text, &by).map_err(of_engine)
                };
                with_session(&self.server, session.clone(), say).await?;
                answered(&self.server, &session);
                Ok(true)
            }
            FileDraft::Snippet {
                before,
                text,
                changed: true,
                appended,
            } => {
                let TreeNode::Snippet(name) = node.clone() else {
                    return Err(NineFailure::BadUse);
                };
                let text = String::from_utf8(text).map_err(|_| NineFailure::Invalid)?;
                let set = move |all: &SnippetLedger| match all.get(&name) {
                    // Others may have written meanwhile.
                    Ok(now) if appended => {
                        let new = text.get(before.len()..).unwrap_or_default();
                        all.set(&name, &(now.text + new))
                    }
                    _ => all.set(&name, &text),
                };
                crate::snippets::with(&self.server, set).await?;
                Ok(false)
            }
            FileDraft::Snippet { .. } | FileDraft::Control => Ok(false),
        }
    }

    /// Makes an empty snippet.
    pub async fn create(&self, name: &str) -> Result<(), NineFailure> {
        poag_core::session::check_name(name).map_err(|_| NineFailure::Invalid)?;
        let name = name.to_owned();
        let set = move |all: &SnippetLedger| match all.get(&name) {
            Ok(_) => Ok(false),
            Err(_) => all.set(&name, "").map(|()| true),
        };
        match crate::snippets::with(&self.server, set).await? {
            true => Ok(()),
            false => Err(NineFailure::Exists),
        }
    }

    pub async fn remove(&self, name: &str) -> Result<(), NineFailure> {
        let name = name.to_owned();
        let remove = move |all: &SnippetLedger| all.remove(&name);
        Ok(crate::snippets::with(&self.server, remove).await?)
    }

    async fn control(&self, caller: &Caller, node: &TreeNode, words: &str) -> Result<(), Problem> {
        match node {
            TreeNode::OfExpert(shown, ExpertFile::Ctl) => {
                self.control_session(caller, shown, words).await
            }
            TreeNode::OfTask(work, task, FileOfTask::Ctl) => {
                let task = TaskId::new(task).map_err(|_| missing("task"))?;
                self.control_task(caller, (work, task), words).await
            }
            _ => Err(unknown("", words)),
        }
    }

    async fn control_session(
        &self,
        caller: &Caller,
        shown: &str,
        word: &str,
    ) -> Result<(), Problem> {
        if !["interrupt", "compact", "close"].contains(&word) {
            return Err(unknown("interrupt, compact or close", word));
        }
        let expert = self.expert(shown).await?;
        let Some(session) = self.session(&expert).await? else {
            return Err(Problem::new(
                ProblemKind::Conflict,
                "no session with this expert is open",
                "write a message to `in`: that opens one",
            ));
        };
        let (by, word) = (caller.name.clone(), word.to_owned());
        with_session(&self.server, session, move |open| {
            let done = match word.as_str() {
                "interrupt" => open.interrupt(&by),
                "compact" => open.compact(&by),
                _ => open.close(&by),
            };
            done.map_err(of_engine)
        })
        .await
    }

    async fn control_task(
        &self,
        caller: &Caller,
        (work, task): (&str, TaskId),
        words: &str,
    ) -> Result<(), Problem> {
        let (word, text) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let (by, text) = (caller.name.clone(), text.trim().to_owned());
        let review = match word {
            "approve" if text.is_empty() => Some(ReviewWords::Approve),
            "object" if !text.is_empty() => Some(ReviewWords::Object(text.clone())),
            "comment" if !text.is_empty() => Some(ReviewWords::Comment(None, text.clone())),
            _ => None,
        };
        type Act =
            Box<dyn FnOnce(&mut OpenWork<'_>) -> Result<(), poag_engine::work::WorkError> + Send>;
        let act: Act = match (word, review) {
            (_, Some(review)) => Box::new(move |work| work.review(&task, &by, &review).map(drop)),
            ("say", None) if !text.is_empty() => {
                Box::new(move |work| work.say(&task, &by, &text).map(drop))
            }
            ("retry", None) if text.is_empty() => {
                Box::new(move |work| work.retry(&task, &by).map(drop))
            }
            ("abandon", None) => {
                let reason = match text.is_empty() {
                    true => format!("{by} said so"),
                    false => text,
                };
                Box::new(move |work| work.note(&WorkEvent::Abandoned { task, reason }))
            }
            _ => {
                let words = "approve, object TEXT, comment TEXT, say TEXT, retry or abandon [TEXT]";
                return Err(unknown(words, word));
            }
        };
        let server = Arc::clone(&self.server);
        crate::works::changed(&server, work.to_owned(), act).await?;
        Ok(())
    }
}

fn unknown(known: &str, word: &str) -> Problem {
    let word: String = word.chars().take(40).collect();
    Problem::new(
        ProblemKind::Unusable,
        &format!("{word:?} cannot be written here"),
        &format!("write {known}"),
    )
}
