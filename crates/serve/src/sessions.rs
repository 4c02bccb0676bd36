//! Conversations with one expert, as `poag session` has them: a message is taken at once, and this server has it answered
//! where no other process does.

mod look;
mod routes;
mod talk;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use poag_core::session::SessionStatus;
use poag_engine::session::OpenSession;
use poag_engine::{EngineError, on_own_thread};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use look::standing;
pub(crate) use routes::offered;

use crate::problem::Problem;
use crate::server::{Server, blocking};

/// A session.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OfSession {
    /// Its id.
    pub session: String,
}

/// The sessions whose messages this server has answered now.
#[derive(Debug, Default)]
pub(crate) struct Talking {
    /// Session → whether something came up since it was last looked at.
    sessions: Mutex<HashMap<String, bool>>,
}

impl Talking {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, bool>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody has to begin: nobody has this session answered here. Who has, looks once more.
    fn wanted(&self, id: &str) -> bool {
        let mut all = self.sessions();
        if let Some(again) = all.get_mut(id) {
            *again = true;
            return false;
        }
        all.insert(id.to_owned(), false);
        true
    }

    /// Whether it is to be looked at once more; else nobody has it answered here any more.
    fn again(&self, id: &str) -> bool {
        let mut all = self.sessions();
        match all.get_mut(id) {
            Some(again) if *again => {
                *again = false;
                true
            }
            _ => {
                all.remove(id);
                false
            }
        }
    }
}

/// Has the messages of a session answered, apart from the request: it goes on when that is given up. Where another process
/// does so, that is left to it. As many at a time as questions; the others wait.
pub(crate) fn answered(server: &Arc<Server>, id: &str) {
    if !server.talking.wanted(id) {
        return;
    }
    let (server, id) = (Arc::clone(server), id.to_owned());
    let mut stopping = server.stopping.clone();
    tokio::spawn(async move {
        let work = async {
            loop {
                let Ok(_permit) = server.driving.permit().await else {
                    return;
                };
                let (engine, session) = (server.engine.clone(), id.clone());
                let drive = async move || engine.drive_session(&session).await;
                // What went wrong is said in the session; its message waits where the ledger cannot be written.
                let _ = on_own_thread::<_, EngineError>(drive).await;
                if !server.talking.again(&id) {
                    return;
                }
            }
        };
        tokio::select! {
            () = work => {}
            // Its message waits for the next server, or for whoever waits for it.
            _ = stopping.wait_for(|stop| *stop) => {}
        }
    });
}

/// Has the messages answered that a server before this one left.
pub(crate) async fn left_behind(server: &Arc<Server>) -> Result<(), Problem> {
    let own = Arc::clone(server);
    let left = blocking(move || {
        let sessions = own.engine.sessions()?;
        let mut left = Vec::new();
        for flake in &own.flakes {
            let all = sessions.list(Some(&flake.subject), false, None);
            let all = all.map_err(EngineError::from)?.into_iter();
            left.extend(all.filter(|one| one.status == SessionStatus::Running));
        }
        Ok(left)
    });
    for session in left.await? {
        answered(server, &session.id);
    }
    Ok(())
}

/// Reads or changes a session of a served flake; all others are not there.
pub(crate) async fn with_session<T: Send + 'static>(
    server: &Arc<Server>,
    id: String,
    act: impl FnOnce(&mut OpenSession<'_>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let server = Arc::clone(server);
    blocking(move || {
        let sessions = server.engine.sessions()?;
        let mut open = sessions.open(&id).map_err(EngineError::from)?;
        match server.of_subject(&open.session().start.flake) {
            Some(_) => act(&mut open),
            None => Err(Problem::not_served(&format!("the flake of session {id:?}"))),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_while_nobody_looks_any_more_is_looked_at_once_more() {
        let talking = Talking::default();
        assert!(talking.wanted("a"));
        assert!(!talking.wanted("a"));
        assert!(talking.wanted("b"));
        assert!(talking.again("a"));
        assert!(!talking.again("a"));
        assert!(talking.wanted("a"));
    }
}
