//! One discussion from a request to its outcome: the same for the command line and for tools.

use std::sync::Arc;

use super::limits::LimitArgs;
use crate::command::cast::Cast;
use crate::command::cast::consent::CommandArgs;
use crate::command::context::{Context, find, open_ledger};
use crate::engine::run::{self, Observer, Outcome, Question};
use crate::error::Error;
use crate::expert::Graph;

/// What somebody wants to be discussed.
pub struct Wanted<'a> {
    /// In their own words.
    pub request: &'a str,
    /// Begin with this expert instead of the flake's own.
    pub to: Option<&'a str>,
    /// `BACKEND` or `EXPERT=BACKEND`.
    pub backends: &'a [String],
    /// Which programs may speak for experts.
    pub commands: &'a CommandArgs,
    /// How far it may go.
    pub limits: &'a LimitArgs,
}

/// Holds a council about it. `told` hears of the graph before it begins. Dropping the future stops the
/// council; it can be resumed.
pub async fn hold(
    context: &Context,
    wanted: &Wanted<'_>,
    told: impl FnOnce(&Graph),
    watch: &mut dyn Observer,
) -> Result<Outcome, Error> {
    // Whoever opens the ledger first reads its log, meanwhile.
    let ledger = tokio::task::spawn_blocking(open_ledger);
    let graph = context.evaluate().await?.graph;
    let ledger = ledger.await.map_err(std::io::Error::from)??;
    let root = wanted.to.unwrap_or(&graph.root);
    let graph = Arc::new(rooted(&graph, root)?);
    let cast = Cast::new(context, &graph, wanted.backends, wanted.commands)?;
    told(&graph);
    let declared = graph.expert(&graph.root).map(|root| &root.council);
    let question = Question {
        request: wanted.request,
        flake: &context.flake.to_string(),
        limits: wanted.limits.apply(declared.unwrap_or(&Default::default())),
    };
    Ok(run::ask(&graph, &question, Arc::new(cast), &ledger, watch).await?)
}

/// The graph as the expert of that name sees it.
pub fn rooted(graph: &Graph, name: &str) -> Result<Graph, Error> {
    let name = &find(graph, name)?.name;
    Ok(graph.rooted_at(name).unwrap_or_else(|| graph.clone()))
}
