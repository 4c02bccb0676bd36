//! Asks a server of poag: every operation of its OpenAPI document, over TCP with a token or over a unix socket, and what
//! happens there while it happens.
//!
//! The table of operations ([`operations`]) is made from the document by `crates/client/generator`. Bodies and answers are
//! of whatever type the caller has for them: the command line reads answers into the types that the engine answers with.

mod address;
mod call;
mod error;
mod events;
mod frames;
#[rustfmt::skip]
mod generated;

pub use address::ServerAddress;
pub use call::{ServerCall, ServerClient};
pub use error::{ClientError, ServerProblem};
pub use events::ServerEvents;
pub use frames::ServerEvent;
pub use generated::operations;
pub use generated::registry::{HttpMethod, OPERATIONS, OperationDef, ParamDef, ParamLocation};
