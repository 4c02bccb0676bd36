//! The backend `claude-code`: the real program, against the stand-in.

mod council;
mod failures;
mod hostile;
mod stage;
mod turns;
