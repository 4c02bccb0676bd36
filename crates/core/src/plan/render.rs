//! The plan for machines (JSON), for pull requests (Markdown) and for people at a terminal.

mod json;
mod markdown;
mod order;
mod terminal;

pub use terminal::Emphasis;
