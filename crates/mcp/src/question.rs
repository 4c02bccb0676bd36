//! One question to the experts: its news go to the client while it is answered, as progress of the call or as the state
//! of a task.

use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::model::{CallToolResult, ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};
use rmcp::task_manager::TaskContext;
use tokio::sync::mpsc;

use super::person::{AskFor, ToolHandler, result};

/// What is told while a question is answered.
#[derive(Debug)]
pub enum AskNews {
    /// The run has begun and has this id.
    Began(String),
    /// One line about what goes on.
    Line(String),
}

/// Takes the news.
pub type Tell = mpsc::UnboundedSender<AskNews>;

/// A question and who listens.
pub(super) struct Question {
    handler: Arc<dyn ToolHandler>,
    what: AskFor,
    peer: Peer<RoleServer>,
    token: Option<ProgressToken>,
}

/// What becomes of a question.
pub(super) enum Answer {
    /// It came to its end.
    Done(CallToolResult),
    /// It was cancelled; its run, where it had begun.
    Cancelled(Option<String>),
}

impl Question {
    pub fn new(
        handler: &Arc<dyn ToolHandler>,
        what: AskFor,
        context: &RequestContext<RoleServer>,
    ) -> Self {
        Self {
            handler: Arc::clone(handler),
            what,
            peer: context.peer.clone(),
            token: context.meta.get_progress_token(),
        }
    }

    /// Answers it, unless `cancelled` comes first; a task has the news as its status, too.
    pub async fn answered(
        self,
        cancelled: impl Future<Output = ()>,
        task: Option<&TaskContext>,
    ) -> Answer {
        let Self {
            handler,
            what,
            peer,
            token,
        } = self;
        let (tell, mut told) = mpsc::unbounded_channel();
        let mut work = handler.ask(what, tell);
        let mut count = 0.0;
        let mut run = None;
        tokio::pin!(cancelled);
        let done = loop {
            tokio::select! {
                biased;
                () = &mut cancelled => return Answer::Cancelled(run),
                Some(news) = told.recv() => {
                    let line = match news {
                        AskNews::Line(line) => line,
                        AskNews::Began(id) => {
                            let line = format!("run {id} begins");
                            run = Some(id);
                            line
                        }
                    };
                    if let Some(task) = task {
                        task.set_status_message(line.as_str());
                    }
                    count += 1.0;
                    notify(&peer, token.as_ref(), (count, None), line).await;
                }
                done = &mut work => break done,
            }
        };
        // How many steps it takes is known when there is none left.
        count += 1.0;
        let last = match &done {
            Ok(_) => "done",
            Err(_) => "failed",
        };
        notify(&peer, token.as_ref(), (count, Some(count)), last.into()).await;
        Answer::Done(result(done))
    }
}

/// A client that does not listen is not told.
async fn notify(
    peer: &Peer<RoleServer>,
    token: Option<&ProgressToken>,
    (progress, total): (f64, Option<f64>),
    line: String,
) {
    let Some(token) = token else {
        return;
    };
    let mut news = ProgressNotificationParam::new(token.clone(), progress).with_message(line);
    if let Some(total) = total {
        news = news.with_total(total);
    }
    drop(peer.notify_progress(news).await);
}
