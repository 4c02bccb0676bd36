//! An agent whose turns are forked from one checkpoint: each is counted.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::record::CheckpointEvent;
use super::store::{Store, Stored};
use poag_agent::{
    Agent, AgentError, Capabilities, Checkpoint, Pending, Settings, Start, TurnOutput, TurnRequest,
};

/// Counts the turns of an agent that start from a checkpoint, which stays while this lives.
pub struct Forked {
    inner: Arc<dyn Agent>,
    store: Arc<Store>,
    stored: Stored,
}

impl Forked {
    /// Turns of `inner` from that checkpoint.
    #[must_use]
    pub fn new(inner: Arc<dyn Agent>, store: Arc<Store>, stored: Stored) -> Self {
        Self {
            inner,
            store,
            stored,
        }
    }
}

impl Agent for Forked {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    fn probe<'a>(&'a self, settings: &'a Settings) -> Pending<'a, Result<String, AgentError>> {
        self.inner.probe(settings)
    }

    fn frozen(&self, settings: &Settings) -> Vec<String> {
        self.inner.frozen(settings)
    }

    fn prompt_cache(&self) -> Duration {
        self.inner.prompt_cache()
    }

    fn turn(&self, request: TurnRequest) -> Pending<'_, TurnOutput> {
        Box::pin(async move {
            let forked = matches!(request.start, Start::Checkpoint(_));
            let output = self.inner.turn(request).await;
            // One that never reached its model used nothing.
            if forked && (output.outcome.is_ok() || output.usage.input_tokens > 0) {
                let meta = &self.stored.meta;
                let used = CheckpointEvent::Used {
                    usage: output.usage,
                };
                // The turn counts whether or not it could be counted.
                let _ = self.store.note(&meta.key, &meta.key_parts.expert, &used);
            }
            output
        })
    }

    fn seal<'a>(
        &'a self,
        request: TurnRequest,
        place: &'a Path,
    ) -> Pending<'a, (TurnOutput, Option<Checkpoint>)> {
        self.inner.seal(request, place)
    }
}
