//! Boards, by what happens on them.

mod board;
mod exhaustive;
mod file;
mod matching;
mod merge;
mod milestone;
mod plan;
mod stage;
mod template;
mod workflow;
