//! How far a council may go, as the command line says it.

use clap::Args;

use crate::council::Limits;

/// What the command line says; everything else keeps its default.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits")]
pub struct LimitArgs {
    /// Turns of each expert
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_turns: Option<u32>,
    /// Edges between the first expert and the farthest one asked
    #[arg(long, value_name = "N")]
    max_depth: Option<u32>,
    /// Messages between experts
    #[arg(long, value_name = "N")]
    max_messages: Option<u32>,
    /// Tokens over all turns
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// Wall clock of the whole discussion, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
}

impl LimitArgs {
    /// The limits of a council.
    pub fn apply(&self) -> Limits {
        let default = Limits::default();
        Limits {
            turns_per_expert: self.max_turns.unwrap_or(default.turns_per_expert),
            depth: self.max_depth.unwrap_or(default.depth),
            messages: self.max_messages.unwrap_or(default.messages),
            tokens: self.max_tokens.unwrap_or(default.tokens),
            seconds: self.timeout.unwrap_or(default.seconds),
            ..default
        }
    }
}
