//! One question from a request to its outcome, and an interrupted one to its end.

use std::sync::Arc;

use super::backends::{BackendChoice, Backends};
use super::run::{self, Observer, RunOutcome, RunRequest};
use super::{Engine, EngineError, ProjectRef};
use poag_core::council::Limits;
use poag_core::expert::CouncilSettings;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct AskRequest {
    /// The id of its run, for who must know it before the run begins; none is a new one. One that is there already is
    /// refused.
    pub run: Option<String>,
    /// The request, in the person's own words; at most [`run::error::REQUEST_BYTES`].
    pub request: String,
    /// The expert that it goes to first, instead of the flake's own.
    pub expert: Option<String>,
    /// Which backend thinks for whom, where it is not the one that the flake declares.
    pub backends: BackendChoice,
    /// How far the council may go. What is not given is as the flake of the first expert declares it, else as
    /// [`Limits::default`] has it.
    pub limits: CouncilSettings,
    /// Wall clock of one turn, in seconds, of experts whose flake does not declare it.
    pub turn_seconds: Option<u64>,
}

/// Which run is to go on.
#[derive(Clone, Debug, Default)]
pub struct ResumeRequest {
    /// Its id, or a beginning of it that no other run has; none is the latest of the flake that was interrupted.
    pub run: Option<String>,
    /// Other backends and models than it began with, for the experts that it names.
    pub backends: BackendChoice,
}

impl Engine {
    /// Lets the experts of a target discuss a request, and gives the plan. Every event is in the ledger before it
    /// takes effect; dropping the future stops the run, and it can be resumed.
    ///
    /// # Errors
    /// When the target cannot be opened, an expert or backend is unknown, the request is empty or too long, or the
    /// ledger fails. What agents do wrong is in the plan.
    pub async fn ask(
        &self,
        target: &ProjectRef,
        request: &AskRequest,
        observer: &mut dyn Observer,
    ) -> Result<RunOutcome, EngineError> {
        // The first to open the ledger reads its log, meanwhile.
        let engine = self.clone();
        let ledger = tokio::task::spawn_blocking(move || engine.ledger());
        let project = self.open(target).await?;
        let ledger = ledger.await??;
        let graph = project.rooted(request.expert.as_deref())?;
        let backends = Backends::new(self, target, &graph, &request.backends)?;
        observer.opened(&graph);
        let root = graph.expert(&graph.root);
        let declared = root.map(|root| root.council.clone()).unwrap_or_default();
        let question = RunRequest {
            run: request.run.as_deref(),
            request: &request.request,
            flake: &target.flake.to_string(),
            limits: request.limits(&declared),
        };
        Ok(run::ask(&graph, &question, Arc::new(backends), &ledger, observer).await?)
    }

    /// Goes on with a run that was interrupted, with the limits, backends, models and commands that it began with: turns
    /// that finished are not taken again. A run that came to its end gives its plan at once.
    ///
    /// # Errors
    /// When there is no such run, another process drives it, its flakes changed since, an agent that it began with cannot
    /// be used now (the run stays open), or the ledger fails.
    pub async fn resume(
        &self,
        target: &ProjectRef,
        request: &ResumeRequest,
        observer: &mut dyn Observer,
    ) -> Result<RunOutcome, EngineError> {
        let project = self.open(target).await?;
        let ledger = self.ledger()?;
        let flake = target.flake.to_string();
        let run = match &request.run {
            Some(run) => Some(run::find(&ledger, run)?),
            None => run::unfinished(&ledger, &flake)?.map(|run| run.id),
        };
        let run = run.ok_or(EngineError::NothingToResume { flake })?;
        // The run may have begun with another expert than the flake's own.
        let history = run::history(&ledger, &run)?;
        let graph = project.rooted(Some(&history.graph.root))?;
        let begun = history.council()?.started().selection.clone();
        let backends = Backends::new(self, target, &graph, &request.backends)?;
        let backends = backends.going_on_with(begun);
        Ok(run::resume(&graph, &run, Arc::new(backends), &ledger, observer).await?)
    }
}

impl AskRequest {
    /// The limits of a council that begins with an expert of these settings.
    fn limits(&self, declared: &CouncilSettings) -> Limits {
        let (asked, default) = (&self.limits, Limits::default());
        let turns = asked.max_turns.or(declared.max_turns);
        let depth = asked.max_depth.or(declared.max_depth);
        let messages = asked.max_messages.or(declared.max_messages);
        let tokens = asked.max_tokens.or(declared.max_tokens);
        let cost_usd = asked.max_cost_usd.or(declared.max_cost_usd);
        let seconds = asked.timeout_seconds.or(declared.timeout_seconds);
        let retries = asked.retries.or(declared.retries);
        let parallel = asked.parallel.or(declared.parallel);
        Limits {
            turns_per_expert: turns.unwrap_or(default.turns_per_expert),
            depth: depth.unwrap_or(default.depth),
            messages: messages.unwrap_or(default.messages),
            tokens: tokens.unwrap_or(default.tokens),
            cost_usd: cost_usd.or(default.cost_usd),
            seconds: seconds.unwrap_or(default.seconds),
            turn_seconds: self.turn_seconds.unwrap_or(default.turn_seconds),
            retries: retries.unwrap_or(default.retries),
            parallel: parallel.unwrap_or(default.parallel),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Every setting, with a value that is no default.
    fn declared() -> CouncilSettings {
        serde_json::from_value(json!({
            "maxTurns": 2, "maxDepth": 3, "maxMessages": 4, "maxTokens": 5, "maxCostUsd": 6.5,
            "timeoutSeconds": 7, "parallel": 1, "retries": 0,
        }))
        .unwrap()
    }

    #[test]
    fn what_nobody_says_keeps_its_default() {
        let limits = AskRequest::default().limits(&CouncilSettings::default());
        assert_eq!(limits, Limits::default());
    }

    #[test]
    fn the_flake_counts_where_the_request_is_silent() {
        let expected = Limits {
            turns_per_expert: 2,
            depth: 3,
            messages: 4,
            tokens: 5,
            cost_usd: Some(6.5),
            seconds: 7,
            turn_seconds: Limits::default().turn_seconds,
            retries: 0,
            parallel: 1,
        };
        assert_eq!(AskRequest::default().limits(&declared()), expected);
    }

    #[test]
    fn the_request_counts_before_the_flake() {
        let limits = json!({
            "maxTurns": 20, "maxDepth": 30, "maxMessages": 40, "maxTokens": 50, "maxCostUsd": 0.25,
            "timeoutSeconds": 70, "parallel": 80, "retries": 10,
        });
        let request = AskRequest {
            limits: serde_json::from_value(limits).unwrap(),
            turn_seconds: Some(90),
            ..AskRequest::default()
        };
        let expected = Limits {
            turns_per_expert: 20,
            depth: 30,
            messages: 40,
            tokens: 50,
            cost_usd: Some(0.25),
            seconds: 70,
            turn_seconds: 90,
            retries: 10,
            parallel: 80,
        };
        assert_eq!(request.limits(&declared()), expected);
    }
}
