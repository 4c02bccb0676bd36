//! What the engine does, over HTTP: for programs, for other machines and, as pages, for people.
//!
//! [`serve`] answers until it is told to stop. It adds nothing that the command line cannot do: every answer is a
//! projection that the engine makes, and a question asked here is a run of the same ledger. Whoever wants something says
//! who they are: the same user through a unix socket, a token over TCP ([`TokenStore`]), or a cookie that a one-time link
//! gives to a browser. Only flakes that were named where the server was started are answered about.

#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "a test makes and starts what it needs"
    )
)]
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod api;
mod caller;
mod checks;
mod debates;
mod driving;
mod events;
mod feed;
mod flakes;
mod health;
mod io;
mod limits;
mod listen;
mod login;
mod mcp;
mod metrics;
mod nine;
mod openapi;
mod pages;
mod problem;
mod routes;
mod runs;
mod secret;
mod server;
mod sessions;
mod settings;
mod snippets;
mod tokens;
mod within;
mod works;

pub use caller::Scope;
pub use listen::serve;
pub use openapi::document;
pub use problem::Problem;
pub use settings::{Bounds, Listening, NinePlace, ServeError, ServeSettings};
pub use tokens::{TokenError, TokenRecord, TokenStore};

#[cfg(test)]
mod tests;
