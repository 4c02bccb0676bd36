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
