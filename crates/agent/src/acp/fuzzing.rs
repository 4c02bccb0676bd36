//! What an agent of the Agent Client Protocol could say, for `fuzz/`.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent_client_protocol::Lines;
use tokio::time::Instant;

use super::fault;
use super::heard::Heard;
use super::talk::Talk;
use crate::TurnRequest;

/// Stands in a line of the agent for the id of the last request to it.
const ID: &str = "\"$\"";

/// Holds a whole conversation with an agent that says these lines, whatever it is asked.
pub fn conversation(request: &TurnRequest, lines: &str) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    else {
        return;
    };
    let last = Arc::new(Mutex::new(String::from("0")));
    let asked = Arc::clone(&last);
    let out = futures::sink::unfold(asked, async |asked, line: String| {
        let message: serde_json::Value = serde_json::from_str(&line).map_err(io::Error::from)?;
        if message["method"].is_string() && !message["id"].is_null() {
            *asked.lock().unwrap_or_else(PoisonError::into_inner) = message["id"].to_string();
        }
        Ok::<_, io::Error>(asked)
    });
    let said: Vec<String> = lines
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with('{') && line.ends_with('}'))
        .map(String::from)
        .collect();
    let answers = futures::stream::unfold((said.into_iter(), last), async |(mut said, last)| {
        // The questions come first.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        let id = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let line = said.next()?.replace(ID, &id);
        Some((Ok(line), (said, last)))
    });
    let talk = Talk::turn(request, Path::new("/nonexistent"));
    let heard = Heard::default();
    let ended = runtime.block_on(talk.hold(
        Lines::new(Box::pin(out), Box::pin(answers)),
        &heard,
        Instant::now() + Duration::from_secs(1),
    ));
    let _ = heard.usage();
    if let Ok(turned) = ended {
        let _ = fault::answer(&turned);
    }
}
