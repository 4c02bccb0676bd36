//! Changes: which files of the whole graph a request is about (`judge`, by the cut of
//! `decide`), what lists all of a kind (`siblings`), what a guide
//! of the repository says (`guide`), and what to do in each file (`instruct`).

pub mod decide;
pub mod guide;
pub mod instruct;
pub mod judge;
pub mod judged;
pub mod judgement;
pub mod siblings;
