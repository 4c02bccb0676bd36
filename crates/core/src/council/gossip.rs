//! What a turn under way says to the council that drives it: one call on a line, one answer on a line.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::Ask;

/// Environment variable: the socket where the council listens.
pub const SOCKET: &str = "POAG_SOCKET";
/// Environment variable: what tells a turn from all others.
pub const TOKEN: &str = "POAG_TOKEN";
/// Longest call or answer, in bytes.
pub const LINE_BYTES: usize = 2 << 20;

/// A tool by which an agent calls, the same for all experts and turns: it stands in front of everything that a provider of
/// models caches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TurnTool {
    /// Its name.
    pub name: &'static str,
    /// What it does, for the model.
    pub description: &'static str,
    /// Its arguments that must be given.
    pub needs: &'static [&'static str],
}

/// The tools of every turn, by name.
pub const TURN_TOOLS: [TurnTool; 4] = [
    TurnTool {
        name: "check",
        description: "Says what is wrong with a result before you give it: its form, paths and lines that are not there. It does not end your turn. While you carry out a task, it also runs the checks of that task and gives what they say.",
        needs: &["result"],
    },
    TurnTool {
        name: "consult",
        description: "Asks the owner of a neighbouring flake a question now and waits for its answer, which may take minutes. Use it where you cannot go on without the answer; what can wait belongs into `asks` of your result. The same question in the same words gives the same answer.",
        needs: &["reason", "text", "to"],
    },
    TurnTool {
        name: "contract",
        description: "Gives what a neighbour promises in one of its contracts: its summary, and the text of the files that it names.",
        needs: &["contract", "neighbor"],
    },
    TurnTool {
        name: "lookup",
        description: "Searches the files of your own flake and gives the passages that match best, with path and lines. While you carry out a task, the path of a file gives that file as it is now.",
        needs: &["query"],
    },
];

/// A call with the token of its turn.
#[derive(Debug, Deserialize, Serialize)]
pub struct TokenCall {
    /// See [`TOKEN`].
    pub token: String,
    /// What is wanted.
    pub call: Call,
}

/// What a turn may want.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Call {
    /// Asks a neighbour now, and waits for its answer.
    Consult(Ask),
    /// Reads what a neighbour promises.
    Contract {
        /// The provider.
        neighbor: String,
        /// One of its contracts.
        contract: String,
    },
    /// Searches the own flake.
    Lookup {
        /// What for.
        query: String,
    },
    /// Checks a result before it is given. The last one that was right counts where the turn ends with none.
    Check {
        /// A turn as JSON.
        result: Value,
    },
}

/// What comes back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CallResult {
    /// What was wanted.
    Said(String),
    /// Why not, ending in what to do.
    Failed(String),
}
