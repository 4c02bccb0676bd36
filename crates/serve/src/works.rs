//! Plans that are carried out, as `poag work` does it: what is changed here is changed on the same board, and a work that
//! nobody supervises is supervised by this server from then on.

mod change;
mod look;
mod routes;
mod tasks;
mod whole;

use std::sync::Arc;

use poag_core::work::TaskId;
use poag_core::work::view::WorkView;
use poag_engine::work::{OpenWork, WorkError, WorkLedger};
use poag_engine::{EngineError, on_own_thread};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use look::{InboxItem, all_views, waiting_for_person};
pub(crate) use routes::offered;

use crate::problem::{Problem, ProblemKind};
use crate::server::{Server, blocking};

/// A work.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OfWork {
    /// Its id.
    pub work: String,
}

/// Reads or changes a work of a served flake; all others are not there.
pub(crate) async fn with_work<T: Send + 'static>(
    server: &Arc<Server>,
    id: String,
    act: impl FnOnce(&WorkLedger, &mut OpenWork<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let server = Arc::clone(server);
    blocking(move || {
        let works = server.engine.works()?;
        // A whole id: what a beginning of one means can change.
        if works.find(&id, None)? != id || id == "last" {
            return Err(EngineError::from(WorkError::NoSuchWork { word: id, count: 0 }).into());
        }
        let mut work = works.open(&id).map_err(EngineError::from)?;
        match server.of_subject(&work.board().start.flake) {
            Some(_) => act(&works, &mut work),
            None => Err(Problem::not_served(&format!("the flake of work {id:?}"))),
        }
    })
    .await
}

/// Changes a work, lets it go on, and gives how it stands.
pub(crate) async fn changed(
    server: &Arc<Server>,
    id: String,
    act: impl FnOnce(&mut OpenWork<'_>) -> Result<(), WorkError> + Send + 'static,
) -> Result<WorkView, Problem> {
    let view = with_work(server, id.clone(), move |_, work| {
        act(work).map_err(EngineError::from)?;
        Ok(work.view())
    });
    let view = view.await?;
    go_on(server, &id).await?;
    Ok(view)
}

/// Lets a work go on where no process supervises it.
async fn go_on(server: &Arc<Server>, id: &str) -> Result<(), Problem> {
    let own = id.to_owned();
    let held = with_work(server, own, |works, work| {
        Ok(works
            .holder(work.id())
            .map_err(EngineError::from)?
            .is_some())
    });
    if held.await? {
        return Ok(());
    }
    let Some(cancelled) = server.driving.begin(id) else {
        return Ok(());
    };
    let (server, id) = (Arc::clone(server), id.to_owned());
    tokio::spawn(async move {
        let (engine, work) = (server.engine.clone(), id.clone());
        let supervised = async move || engine.supervise_work(&work, &mut ()).await;
        tokio::select! {
            // What it came to is on the board; another process that supervises it meanwhile does the same.
            _ = on_own_thread::<_, EngineError>(supervised) => {}
            _ = cancelled => {}
        }
        server.driving.cancel(&id);
    });
    Ok(())
}

/// The task that a word names.
fn task(word: &str) -> Result<TaskId, Problem> {
    TaskId::new(word).map_err(|text| Problem::said(ProblemKind::NotFound, &text))
}
