//! Tasks of a work that a server has.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Leased, TaskVerb, text};
use crate::command::print::json_line;
use crate::command::remote::Remote;
use crate::engine::work::Claimed;
use crate::error::{Error, exit};
use crate::terminal;
use poag_client::{OperationDef, operations as op};
use poag_core::work::{Proof, Task};

/// A task that can be claimed.
#[derive(Deserialize)]
struct SentTask {
    task: Task,
}

/// Whether a task was proven to be done.
#[derive(Deserialize)]
struct SentProof {
    proof: Option<Proof>,
    why: Option<String>,
}

/// Runs the verb.
pub async fn run(verb: &TaskVerb, word: &str, remote: &Remote) -> Result<u8, Error> {
    let work = remote.work(word, None).await?.id;
    match verb {
        TaskVerb::Ready => {
            let call = remote.call(op::LIST_READY_TASKS, &[]);
            let found: Vec<SentTask> = call.query("work", Some(&work)).field("tasks").await?;
            let tasks: Vec<Task> = found.into_iter().map(|one| one.task).collect();
            json_line(&tasks)?;
            Ok(match tasks.is_empty() {
                true => exit::NOTHING_FOUND,
                false => exit::OK,
            })
        }
        TaskVerb::Show { task } => {
            let mut record = remote.call(op::GET_TASK, &[&work, task]).bytes().await?;
            record.push(b'\n');
            terminal::json(&record)?;
            Ok(exit::OK)
        }
        TaskVerb::Claim {
            task,
            actor,
            trajectory,
        } => {
            let mut body = json!({ "actor": actor, "trajectory": trajectory });
            let call = match task {
                Some(task) => {
                    body["work"] = json!(work);
                    remote.call(op::CLAIM_TASK, &[task])
                }
                None => remote.call(op::CLAIM_FIRST, &[&work]),
            };
            let claimed: Claimed = call.body(&body).answer().await?;
            json_line(&claimed)
        }
        TaskVerb::Renew { epoch } => {
            let call = remote.call(op::RENEW_LEASE, &[&work]);
            let renewed: Value = call.body(&json!({ "epoch": epoch })).answer().await?;
            json_line(&json!({ "epoch": epoch, "until": renewed["until"] }))
        }
        TaskVerb::Release { leased, reason } => {
            let more = json!({ "text": reason });
            written(remote, (op::RELEASE_TASK, &work), leased, more).await
        }
        TaskVerb::Log {
            leased,
            text,
            percent,
        } => {
            let more = json!({ "text": text, "percent": percent });
            written(remote, (op::LOG_TASK, &work), leased, more).await
        }
        TaskVerb::Done {
            leased,
            commit,
            summary,
        } => {
            let more = json!({ "commit": commit, "summary": summary });
            let done: SentProof = under(remote, (op::DONE_TASK, &work), leased, more).await?;
            match done.proof {
                Some(proof) => json_line(&json!({ "ok": true, "proof": proof })),
                None => {
                    json_line(&json!({ "ok": false, "why": done.why.unwrap_or_default() }))?;
                    Ok(exit::FAILURE)
                }
            }
        }
        TaskVerb::Fail {
            leased,
            reason,
            log,
        } => {
            let log = log.as_deref().map(text).transpose()?.unwrap_or_default();
            let more = json!({ "reason": reason, "log": log });
            written(remote, (op::FAIL_TASK, &work), leased, more).await
        }
        TaskVerb::Ask { leased, question } => {
            let more = json!({ "text": question });
            written(remote, (op::ASK_ABOUT_TASK, &work), leased, more).await
        }
    }
}

/// Writes something down under a lease.
async fn written(
    remote: &Remote,
    what: (&'static OperationDef, &str),
    leased: &Leased,
    more: Value,
) -> Result<u8, Error> {
    let _: Value = under(remote, what, leased, more).await?;
    json_line(&json!({ "ok": true }))
}

/// Does something under a lease.
async fn under<T: serde::de::DeserializeOwned>(
    remote: &Remote,
    (operation, work): (&'static OperationDef, &str),
    leased: &Leased,
    mut more: Value,
) -> Result<T, Error> {
    more["work"] = json!(work);
    more["epoch"] = json!(leased.epoch);
    let call = remote.call(operation, &[&leased.task]);
    Ok(call.body(&more).answer().await?)
}
