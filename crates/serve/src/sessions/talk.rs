//! What is said in sessions, and what is done to them.

use poag_engine::session::{OpenSession, OpenSessionRequest, given};
use poag_engine::{BackendChoice, EngineError, on_own_thread};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::look::{SessionStanding, standing};
use super::{OfSession, answered, with_session};
use crate::api::{Call, Nothing, Reply};
use crate::problem::Problem;
use crate::within::{SNIPPETS, object, snippets};

/// With whom a session is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenBody {
    /// The name of a served flake; where only one is served, it need not be named.
    #[serde(default)]
    flake: Option<String>,
    /// The expert, instead of the flake's own.
    #[serde(default)]
    expert: Option<String>,
    /// What it is to be called: letters, digits, `-` and `_`; without it, as the expert.
    #[serde(default)]
    name: Option<String>,
    /// Who thinks, where it is not as the flake declares.
    #[serde(default)]
    backend: Option<String>,
    /// With which model, in the words of the backend.
    #[serde(default)]
    model: Option<String>,
}

/// What is said to the expert.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InBody {
    /// The message.
    #[schemars(length(min = 1, max = 262_144), regex(pattern = r"\S"))]
    text: String,
    /// Names of snippets that are put behind it.
    #[serde(default, deserialize_with = "snippets")]
    #[schemars(length(max = SNIPPETS))]
    with: Vec<String>,
    /// What another session has to give, put behind it.
    #[serde(default, deserialize_with = "copied")]
    from: Option<CopyOf>,
}

/// What of another session is copied.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CopyOf {
    /// The id of that session.
    session: String,
    /// A short account of all that was said there, instead of its last output.
    #[serde(default)]
    summary: bool,
}

/// A message that was taken.
#[derive(Debug, JsonSchema, Serialize)]
pub(crate) struct MessageTaken {
    /// Its number, from 1. It waits until those before it are answered.
    number: u32,
}

/// What is to be done to a session.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ControlWord {
    /// Gives up what is under way and what waits.
    Interrupt,
    /// Begins the conversation anew, with a short account of what was said.
    Compact,
    /// Closes it; what was said stays readable.
    Close,
}

/// What is to be done to a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControlBody {
    /// What.
    word: ControlWord,
}

fn copied<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<CopyOf>, D::Error> {
    use serde::de::Error;
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::Null => Ok(None),
        value => object(value).map(Some).map_err(D::Error::custom),
    }
}

pub(crate) async fn open(
    call: Call<Nothing, Nothing, OpenBody>,
) -> Result<Reply<SessionStanding>, Problem> {
    let Call {
        server,
        caller,
        body,
        ..
    } = call;
    let target = server.flake(body.flake.as_deref())?.target.clone();
    let request = OpenSessionRequest {
        expert: body.expert,
        name: body.name,
        backends: BackendChoice {
            all: body.backend,
            model: body.model,
            ..BackendChoice::default()
        },
        by: caller.name,
    };
    let engine = server.engine.clone();
    let begun = async move || engine.open_session(&target, &request).await;
    let (id, _) = on_own_thread::<_, EngineError>(begun).await?;
    let read = |open: &mut OpenSession<'_>| Ok(standing(open));
    let location = format!("/v1/sessions/{id}");
    Ok(Reply {
        status: axum::http::StatusCode::CREATED,
        location: Some(location),
        body: with_session(&server, id, read).await?,
    })
}

pub(crate) async fn say(
    call: Call<OfSession, Nothing, InBody>,
) -> Result<Reply<MessageTaken>, Problem> {
    let Call {
        server,
        caller,
        path,
        body,
        ..
    } = call;
    let InBody { text, with, from } = body;
    let more = match from {
        Some(CopyOf { session, summary }) => {
            let read = move |open: &mut OpenSession<'_>| {
                Ok(given(open.session(), summary).map_err(EngineError::from)?)
            };
            Some(with_session(&server, session, read).await?)
        }
        None => None,
    };
    let engine = server.engine.clone();
    let say = move |open: &mut OpenSession<'_>| {
        let mut text = engine.with_snippets(&text, &with)?;
        if let Some(more) = more {
            text = format!("{}\n\n{more}", text.trim_end());
        }
        Ok(open.say(&text, &caller.name).map_err(EngineError::from)?)
    };
    let number = with_session(&server, path.session.clone(), say).await?;
    answered(&server, &path.session);
    let location = format!("/v1/sessions/{}/out", path.session);
    Ok(Reply::accepted(MessageTaken { number }, location))
}

pub(crate) async fn control(
    call: Call<OfSession, Nothing, ControlBody>,
) -> Result<Reply<SessionStanding>, Problem> {
    let (by, word) = (call.caller.name, call.body.word);
    let act = move |open: &mut OpenSession<'_>| {
        let done = match word {
            ControlWord::Interrupt => open.interrupt(&by),
            ControlWord::Compact => open.compact(&by),
            ControlWord::Close => open.close(&by),
        };
        done.map_err(EngineError::from)?;
        Ok(standing(open))
    };
    Ok(Reply::ok(
        with_session(&call.server, call.path.session, act).await?,
    ))
}
