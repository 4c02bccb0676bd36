//! Boards, by what happens on them.

mod board;
mod exhaustive;
mod file;
mod matching;
mod merge;
mod plan;
mod stage;
