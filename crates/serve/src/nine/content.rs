//! What is read in the files of the tree: what the engine gives, as the command line prints it.

use poag_core::session::{Reception, SessionStatus};
use poag_core::work::TaskId;
use poag_engine::session::{OpenSession, output};
use poag_engine::{EngineError, RunLedger};
use serde::Serialize;
use serde_json::json;

use super::node::{ExpertFile, FileOfTask, RunFile, TreeNode};
use super::tree::{FileTree, ServedExpert, missing, of_engine};
use crate::problem::Problem;
use crate::server::blocking;
use crate::sessions::{standing, with_session};
use crate::works::with_work;

impl FileTree {
    /// What a file holds now.
    pub async fn text(&self, node: &TreeNode) -> Result<Vec<u8>, Problem> {
        match node {
            TreeNode::OfExpert(shown, file) => {
                let expert = self.expert(shown).await?;
                self.of_expert(&expert, *file).await
            }
            TreeNode::OfTask(work, task, file) => self.of_task(work, task, *file).await,
            TreeNode::OfRun(run, file) => self.of_run(run, *file).await,
            TreeNode::Snippet(name) => {
                let name = name.clone();
                let found = crate::snippets::with(&self.server, move |all| all.get(&name));
                Ok(found.await?.text.into())
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn of_expert(&self, expert: &ServedExpert, file: ExpertFile) -> Result<Vec<u8>, Problem> {
        match file {
            ExpertFile::Out => {
                let read = |open: &mut OpenSession<'_>| {
                    let last = open.session().output();
                    Ok(last.map_or_else(String::new, |(_, result)| output(result)))
                };
                let text = self.in_session(expert, read).await?;
                Ok(text.unwrap_or_default().into())
            }
            ExpertFile::Status => Ok(line(self.status(expert).await?.word())),
            ExpertFile::Ctl => {
                let read = |open: &mut OpenSession<'_>| {
                    let mut told = serde_json::to_value(standing(open)).map_err(of_engine)?;
                    let last = open.session().messages.last();
                    told["failure"] = match last.map(|last| &last.reception) {
                        Some(Reception::Unanswered { reason }) => json!(reason),
                        _ => json!(null),
                    };
                    Ok(told)
                };
                let none = json!({ "expert": expert.name, "status": SessionStatus::Idle });
                pretty(&self.in_session(expert, read).await?.unwrap_or(none))
            }
            ExpertFile::Pack => {
                let project = self.server.open(&expert.flake).await?;
                let (engine, name) = (self.server.engine.clone(), expert.name.clone());
                let made = move || {
                    let expert = project.expert(Some(&name))?;
                    Ok(engine.pack(&project.graph, expert, None)?.text)
                };
                Ok(blocking(made).await?.into())
            }
            ExpertFile::Contracts => {
                let project = self.server.open(&expert.flake).await?;
                let declared = project.expert(Some(&expert.name))?;
                let both = json!({
                    "provides": declared.provides,
                    "neighbors": declared.neighbors,
                });
                pretty(&both)
            }
            ExpertFile::In | ExpertFile::Wait => Ok(Vec::new()),
        }
    }

    /// How the session of an expert stands; idle where none is open.
    pub async fn status(&self, expert: &ServedExpert) -> Result<SessionStatus, Problem> {
        let read = |open: &mut OpenSession<'_>| Ok(open.session().status());
        let status = self.in_session(expert, read).await?;
        Ok(status.unwrap_or(SessionStatus::Idle))
    }

    async fn in_session<T: Send + 'static>(
        &self,
        expert: &ServedExpert,
        read: impl FnOnce(&mut OpenSession<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Option<T>, Problem> {
        match self.session(expert).await? {
            Some(id) => Ok(Some(with_session(&self.server, id, read).await?)),
            None => Ok(None),
        }
    }

    /// The open session of an expert: that which has its name, else the newest with it.
    pub async fn session(&self, expert: &ServedExpert) -> Result<Option<String>, Problem> {
        let (engine, expert) = (self.server.engine.clone(), expert.clone());
        blocking(move || {
            let sessions = engine.sessions()?;
            let open = sessions.list(Some(&expert.flake.subject), false, None);
            let mut own = open.map_err(EngineError::from)?;
            own.retain(|one| one.expert == expert.name);
            let at = own.iter().position(|one| one.name == expert.name);
            let chosen = own.into_iter().nth(at.unwrap_or(0));
            Ok(chosen.map(|one| one.id))
        })
        .await
    }

    async fn of_task(&self, work: &str, task: &str, file: FileOfTask) -> Result<Vec<u8>, Problem> {
        let task = TaskId::new(task).map_err(|_| missing("task"))?;
        with_work(&self.server, work.to_owned(), move |_, work| match file {
            FileOfTask::Status => {
                let view = work.view();
                let view = view.tasks.iter().find(|one| one.id == task);
                let view = view.ok_or_else(|| missing("task"))?;
                let mut lines = line(&view.state);
                if !view.detail.is_empty() {
                    lines.extend(line(&view.detail));
                }
                Ok(lines)
            }
            FileOfTask::Log => {
                let mut events = work.events().map_err(of_engine)?;
                events.retain(|entry| entry.event.tasks().into_iter().any(|one| *one == task));
                lines(&events)
            }
            FileOfTask::Ctl => Ok(Vec::new()),
        })
        .await
    }

    async fn of_run(&self, run: &str, file: RunFile) -> Result<Vec<u8>, Problem> {
        let (server, run) = (&self.server, run.to_owned());
        match file {
            RunFile::Plan => {
                let read = |runs: &RunLedger, run: &str| Ok(runs.history(run)?.plan()?);
                pretty(&crate::runs::of_council(server, run, read).await?)
            }
            RunFile::Events => {
                let read = |runs: &RunLedger, run: &str| runs.events(run, 0);
                lines(&crate::runs::of_council(server, run, read).await?)
            }
        }
    }
}

fn line(text: &str) -> Vec<u8> {
    format!("{}\n", text.replace('\n', " ")).into()
}

fn pretty(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut text = serde_json::to_vec_pretty(value).map_err(of_engine)?;
    text.push(b'\n');
    Ok(text)
}

/// One JSON object a line.
pub(super) fn lines<T: Serialize>(all: &[T]) -> Result<Vec<u8>, Problem> {
    let mut text = Vec::new();
    for one in all {
        serde_json::to_writer(&mut text, one).map_err(of_engine)?;
        text.push(b'\n');
    }
    Ok(text)
}
