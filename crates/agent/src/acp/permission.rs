//! What an agent may do when it asks: read in its speaker's folder, and use the tools it was given.

use std::path::{Path, PathBuf};

use agent_client_protocol::v1::schema::{
    PermissionOptionKind, RequestPermissionOutcome, RequestPermissionRequest,
    RequestPermissionResponse, SelectedPermissionOutcome, ToolKind,
};

use super::heard::Heard;
use crate::TurnRequest;

/// The folder of a turn: its flake, or the flake in a worktree.
pub(super) fn folder(request: &TurnRequest) -> &Path {
    let writing = request.writing.as_ref();
    writing.map_or(&request.persona.folder, |writing| &writing.folder)
}

/// What is allowed in one turn.
#[derive(Clone, Default)]
pub(super) struct Allowed {
    folder: PathBuf,
    /// Whether files in it may be changed.
    writes: bool,
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
            folder: folder(request).to_owned(),
            writes: request.writing.is_some(),
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
        let reads = match kind {
            Some(ToolKind::Read | ToolKind::Search) => true,
            Some(ToolKind::Edit) => self.writes,
            _ => false,
        };
        let places = call.fields.locations.as_deref().unwrap_or_default();
        reads && !places.is_empty() && places.iter().all(|place| self.holds(&place.path))
    }

    /// Whether a path leads into the folder, links followed.
    fn holds(&self, path: &Path) -> bool {
        // A file that is about to be made is where its folder is.
        let place = path.canonicalize().or_else(|error| match path.file_name() {
            Some(_) if self.writes && path.symlink_metadata().is_err() => {
                path.parent().map_or(Err(error), Path::canonicalize)
            }
            _ => Err(error),
        });
        let inside = || Some(place.ok()?.starts_with(self.folder.canonicalize().ok()?));
        path.is_absolute() && inside().unwrap_or(false)
    }
}
