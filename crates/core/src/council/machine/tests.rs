//! The rules of a council, one by one and by simulation.

mod contracts;
mod limits;
mod live;
mod objections;
mod questions;
mod refusals;
mod simulation;
