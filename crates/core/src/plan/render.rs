//! The plan for machines (JSON), for pull requests (Markdown) and for people at a terminal.

mod json;
mod markdown;
mod order;
mod terminal;
mod wrap;

pub use terminal::{Emphasis, PlanView};
