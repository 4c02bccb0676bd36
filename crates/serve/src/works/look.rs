//! What is looked at of works.

use std::sync::Arc;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use poag_core::work::view::WorkView;
use poag_engine::work::WorkSummary;
use poag_engine::{DebateView, EngineError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OfWork, with_work};
use crate::api::{Call, Nothing};
use crate::debates;
use crate::problem::Problem;
use crate::runs::AfterEvent;
use crate::server::{Server, blocking};

/// Works in a list, at most.
const MOST: u32 = 200;

/// Which works.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkFilter {
    /// Of this served flake alone.
    flake: Option<String>,
}

/// Works, the newest first.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct WorkList {
    works: Vec<WorkSummary>,
}

/// Which changes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfTask {
    /// Of this task alone, landed or not.
    task: Option<String>,
}

/// A branch that was made for a work.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct AuditedBranch {
    /// Its name.
    branch: String,
    /// What became of it: `landed`, `pending`, `abandoned` or `lost`.
    fate: String,
}

/// Branches that were made for a work.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Audit {
    branches: Vec<AuditedBranch>,
}

/// What waits for a person.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct Inbox {
    items: Vec<InboxItem>,
}

/// Something that waits for a person.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct InboxItem {
    /// The work; none where it is about a debate.
    pub work: Option<String>,
    /// The debate, where it is about one.
    pub run: Option<String>,
    /// What it was asked for.
    pub request: String,
    /// The task, where it is about one.
    pub task: Option<String>,
    /// Where it stands: `in review`, `asking`, `parked`, `done` or `tie`.
    pub state: String,
    /// What is to be done, in one line.
    pub what: String,
}

pub(crate) async fn list(call: Call<Nothing, WorkFilter>) -> Result<WorkList, Problem> {
    let server = Arc::clone(&call.server);
    let flake = match &call.query.flake {
        Some(name) => Some(server.flake(Some(name))?.subject.clone()),
        None => None,
    };
    blocking(move || {
        let mut works = server.engine.works()?.list(flake.as_deref(), Some(MOST))?;
        works.retain(|work| server.of_subject(&work.flake).is_some());
        Ok(WorkList { works })
    })
    .await
}

/// Every work of what is served that can be read, the newest first.
pub(crate) async fn all_views(server: &Arc<Server>) -> Result<Vec<WorkView>, Problem> {
    let server = Arc::clone(server);
    blocking(move || {
        let works = server.engine.works()?;
        let mut listed = works.list(None, Some(MOST))?;
        listed.retain(|work| server.of_subject(&work.flake).is_some());
        let views = listed.iter().filter_map(|work| works.open(&work.id).ok());
        Ok(views.map(|work| work.view()).collect())
    })
    .await
}

pub(crate) async fn one(call: Call<OfWork, Nothing>) -> Result<WorkView, Problem> {
    with_work(&call.server, call.path.work, |_, work| Ok(work.view())).await
}

pub(crate) async fn events(call: Call<OfWork, AfterEvent>) -> Result<Response, Problem> {
    let after = call.query.after;
    let id = call.path.work;
    let events = with_work(&call.server, id.clone(), |_, work| {
        Ok(work.events().map_err(EngineError::from)?)
    });
    let mut events = events.await?;
    if crate::events::wants_stream(&call.headers) {
        return crate::events::one(&call.server, id, &call.headers, after).await;
    }
    let after = crate::events::after(&call.headers, after)?;
    events.retain(|entry| entry.seq > after);
    Ok(axum::Json(events).into_response())
}

pub(crate) async fn diff(call: Call<OfWork, OfTask>) -> Result<Response, Problem> {
    let engine = call.server.engine.clone();
    let task = call.query.task;
    let text = with_work(&call.server, call.path.work, move |_, work| {
        Ok(engine.work_difference(work.id(), task.as_deref())?)
    });
    Ok(as_media(text.await?, "text/x-diff; charset=utf-8"))
}

pub(crate) async fn page(call: Call<OfWork, Nothing>) -> Result<Response, Problem> {
    let engine = call.server.engine.clone();
    let page = with_work(&call.server, call.path.work, move |_, work| {
        Ok(engine.report_work(work.id())?.page)
    });
    let mut response = as_media(page.await?, "text/html; charset=utf-8");
    // It needs nothing but its own style.
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

pub(crate) async fn audit(call: Call<OfWork, Nothing>) -> Result<Audit, Problem> {
    let engine = call.server.engine.clone();
    let fates = with_work(&call.server, call.path.work, move |_, work| {
        Ok(engine.audit_work(work.id())?)
    });
    let branches = fates.await?.into_iter();
    Ok(Audit {
        branches: branches
            .map(|(branch, fate)| AuditedBranch { branch, fate })
            .collect(),
    })
}

pub(crate) async fn inbox(call: Call<Nothing, Nothing>) -> Result<Inbox, Problem> {
    let items = waiting_for_person(&call.server).await?;
    Ok(Inbox { items })
}

/// All that waits for a person: ties of debates, and what of works does.
pub(crate) async fn waiting_for_person(server: &Arc<Server>) -> Result<Vec<InboxItem>, Problem> {
    let ties = debates::tied(server).await?;
    let views = all_views(server).await?;
    let ties = ties.iter().map(tie);
    Ok(ties.chain(views.iter().flat_map(waiting)).collect())
}

fn tie(view: &DebateView) -> InboxItem {
    InboxItem {
        work: None,
        run: Some(view.start.run.clone()),
        request: view.start.topic.clone(),
        task: None,
        state: "tie".to_owned(),
        what: format!(
            "the vote is a tie between {}: choose one",
            view.tied.join(", ")
        ),
    }
}

/// What of a work waits for a person.
fn waiting(view: &WorkView) -> Vec<InboxItem> {
    let item = |task: Option<&str>, state: &str, what: String| InboxItem {
        work: Some(view.work.clone()),
        run: None,
        request: view.request.clone(),
        task: task.map(str::to_owned),
        state: state.to_owned(),
        what,
    };
    let mut items = Vec::new();
    for task in &view.tasks {
        let id = task.id.as_str();
        let what = match task.state.as_str() {
            "in review" => format!("{id} is in review: {}", task.detail),
            "asking" | "parked" => format!("{id} is {}: {}", task.state, task.detail),
            _ => continue,
        };
        items.push(item(Some(id), &task.state, what));
    }
    if view.state == "done" {
        let what = "everything is on the work's branch, and can be landed";
        items.push(item(None, "done", what.to_owned()));
    }
    items
}

fn as_media(text: String, media: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
