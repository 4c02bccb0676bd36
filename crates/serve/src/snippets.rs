//! Texts with a name, as `poag snippet` keeps them: for any question or session of this machine.

use poag_engine::EngineError;
use poag_engine::session::{Snippet, SnippetLedger};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Api, Call, Doc, Nothing, Reply};
use crate::caller::Scope;
use crate::problem::Problem;
use crate::server::{Server, blocking};

/// A snippet.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OfSnippet {
    /// Its name.
    snippet: String,
}

/// A text to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnippetBody {
    /// The text, in place of what was kept under the name before.
    #[schemars(length(max = 262_144))]
    text: String,
}

/// Snippets, by name.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct SnippetList {
    snippets: Vec<Snippet>,
}

/// All that is offered about them.
pub(crate) fn offered(api: Api) -> Api {
    let doc = Doc::new;
    let (all, one) = ("/v1/snippets", "/v1/snippets/{snippet}");
    api.get(
        doc("listSnippets", all, "Lists snippets.", Scope::Read),
        list,
    )
    .get(doc("getSnippet", one, "Gives a snippet.", Scope::Read), get)
    .put(
        doc(
            "setSnippet",
            one,
            "Keeps a text under a name, in place of what it named before.",
            Scope::Ask,
        ),
        put,
    )
    .delete(
        doc("removeSnippet", one, "Removes a snippet.", Scope::Ask),
        remove,
    )
}

/// Reads or changes snippets.
pub(crate) async fn with<T: Send + 'static>(
    server: &Server,
    act: impl FnOnce(&SnippetLedger) -> Result<T, poag_engine::session::SessionError> + Send + 'static,
) -> Result<T, Problem> {
    let engine = server.engine.clone();
    blocking(move || Ok(act(&engine.snippets()?).map_err(EngineError::from)?)).await
}

async fn list(call: Call<Nothing, Nothing>) -> Result<SnippetList, Problem> {
    let snippets = with(&call.server, SnippetLedger::list).await?;
    Ok(SnippetList { snippets })
}

async fn get(call: Call<OfSnippet, Nothing>) -> Result<Snippet, Problem> {
    let name = call.path.snippet;
    with(&call.server, move |snippets| snippets.get(&name)).await
}

async fn put(call: Call<OfSnippet, Nothing, SnippetBody>) -> Result<Reply<Snippet>, Problem> {
    let (name, text) = (call.path.snippet, call.body.text);
    let set = move |snippets: &SnippetLedger| {
        snippets.set(&name, &text)?;
        snippets.get(&name)
    };
    Ok(Reply::ok(with(&call.server, set).await?))
}

async fn remove(call: Call<OfSnippet, Nothing>) -> Result<(), Problem> {
    let name = call.path.snippet;
    with(&call.server, move |snippets| snippets.remove(&name)).await
}
