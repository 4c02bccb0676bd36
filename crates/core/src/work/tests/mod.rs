//! Boards, by what happens on them.

mod board;
mod file;
mod matching;
mod plan;
mod stage;
