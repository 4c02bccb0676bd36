//! What an agent may do when it asks: read in its speaker's folder, and use the tools it was given.

use std::path::{Path, PathBuf};

use agent_client_protocol::v1::schema::{
    PermissionOptionKind, RequestPermissionOutcome, RequestPermissionRequest,
    RequestPermissionResponse, SelectedPermissionOutcome, ToolKind,
};

use super::heard::Heard;
use crate::TurnRequest;

/// What is allowed in one turn.
#[derive(Clone, Default)]
pub(super) struct Allowed {
    folder: PathBuf,
    /// Names of tools, as agents write those of a server.
    tools: Vec<String>,
}

impl Allowed {
    /// That of a request.
    pub(super) fn of(request: &TurnRequest) -> Self {
        let mut tools = Vec::new();
        if let Some(server) = &request.tools {
            for tool in &server.tools {
                tools.push(format!("mcp__{}__{tool}", server.name));
                tools.push(format!("{}_{tool}", server.name));
            }
        }
        Self {
            folder: request.persona.folder.clone(),
            tools,
        }
    }

    /// The answer to a request for permission.
    pub(super) fn answer(
        &self,
        asked: &RequestPermissionRequest,
        heard: &Heard,
    ) -> RequestPermissionResponse {
        let wanted = match self.allows(asked, heard) {
            true => PermissionOptionKind::AllowOnce,
            false => PermissionOptionKind::RejectOnce,
        };
        let option = asked.options.iter().find(|option| option.kind == wanted);
        let outcome = option.map_or(RequestPermissionOutcome::Cancelled, |option| {
            let chosen = SelectedPermissionOutcome::new(option.option_id.clone());
            RequestPermissionOutcome::Selected(chosen)
        });
        RequestPermissionResponse::new(outcome)
    }

    fn allows(&self, asked: &RequestPermissionRequest, heard: &Heard) -> bool {
        let call = &asked.tool_call;
        let names = [&call.fields.title, &call.fields.name];
        if names
            .into_iter()
            .flatten()
            .any(|name| self.tools.contains(name))
        {
            return true;
        }
        // What a call was said to be when it began counts: a request can be about a part of it.
        let kind = heard.kind(&call.tool_call_id).or(call.fields.kind);
        let reads = matches!(kind, Some(ToolKind::Read | ToolKind::Search));
        let places = call.fields.locations.as_deref().unwrap_or_default();
        reads && !places.is_empty() && places.iter().all(|place| self.holds(&place.path))
    }

    /// Whether a path leads into the folder, links followed.
    fn holds(&self, path: &Path) -> bool {
        let inside = || {
            Some(
                path.canonicalize()
                    .ok()?
                    .starts_with(self.folder.canonicalize().ok()?),
            )
        };
        path.is_absolute() && inside().unwrap_or(false)
    }
}
