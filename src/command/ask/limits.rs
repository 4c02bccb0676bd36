//! How far a council may go: as the command line says it, else as the flake does that is asked.

use clap::Args;

use crate::council::Limits;
use crate::expert::CouncilSettings;

/// What the command line says; everything else is as the flake declares, or keeps its default.
#[derive(Args, Debug, Default, PartialEq)]
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
    /// US dollars over all turns
    #[arg(long, value_name = "USD", value_parser = dollars)]
    max_cost: Option<f64>,
    /// Turns under way at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_parallel: Option<u32>,
    /// Wall clock of the whole discussion, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: Option<u64>,
    /// Wall clock of one turn, in seconds, of experts whose flake does not say it
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    turn_timeout: Option<u64>,
    /// How often a turn that failed is taken again, where that can help
    #[arg(long, value_name = "N")]
    retries: Option<u32>,
}

impl LimitArgs {
    /// Whether the command line says anything about limits.
    pub fn given(&self) -> bool {
        *self != Self::default()
    }

    /// The limits of a council that begins with an expert of these settings.
    pub fn apply(&self, declared: &CouncilSettings) -> Limits {
        let default = Limits::default();
        let turns = self.max_turns.or(declared.max_turns);
        let depth = self.max_depth.or(declared.max_depth);
        let messages = self.max_messages.or(declared.max_messages);
        let tokens = self.max_tokens.or(declared.max_tokens);
        let cost_usd = self.max_cost.or(declared.max_cost_usd);
        let seconds = self.timeout.or(declared.timeout_seconds);
        let retries = self.retries.or(declared.retries);
        let parallel = self.max_parallel.or(declared.parallel);
        Limits {
            turns_per_expert: turns.unwrap_or(default.turns_per_expert),
            depth: depth.unwrap_or(default.depth),
            messages: messages.unwrap_or(default.messages),
            tokens: tokens.unwrap_or(default.tokens),
            cost_usd: cost_usd.or(default.cost_usd),
            seconds: seconds.unwrap_or(default.seconds),
            turn_seconds: self.turn_timeout.unwrap_or(default.turn_seconds),
            retries: retries.unwrap_or(default.retries),
            parallel: parallel.unwrap_or(default.parallel),
        }
    }
}

/// A sum of money that bounds something.
fn dollars(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(sum) if sum.is_finite() && sum > 0.0 => Ok(sum),
        _ => Err("write US dollars as a positive number, such as 2.5".into()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Words {
        #[command(flatten)]
        limits: LimitArgs,
    }

    fn words(words: &[&str]) -> Result<LimitArgs, clap::Error> {
        let words = std::iter::once("ask").chain(words.iter().copied());
        Words::try_parse_from(words).map(|words| words.limits)
    }

    /// Every setting, with a value that is nobody's default.
    fn declared() -> CouncilSettings {
        serde_json::from_value(json!({
            "maxTurns": 2, "maxDepth": 3, "maxMessages": 4, "maxTokens": 5, "maxCostUsd": 6.5,
            "timeoutSeconds": 7, "parallel": 1, "retries": 0,
        }))
        .unwrap()
    }

    #[test]
    fn what_nobody_says_keeps_its_default() {
        let limits = words(&[]).unwrap().apply(&CouncilSettings::default());
        assert_eq!(limits, Limits::default());
    }

    #[test]
    fn the_flake_counts_where_the_command_line_is_silent() {
        let limits = words(&[]).unwrap().apply(&declared());
        let expected = Limits {
            turns_per_expert: 2,
            depth: 3,
            messages: 4,
            tokens: 5,
            cost_usd: Some(6.5),
            seconds: 7,
            turn_seconds: Limits::default().turn_seconds,
            retries: 0,
            parallel: 1,
        };
        assert_eq!(limits, expected);
    }

    #[test]
    fn the_command_line_counts_before_the_flake() {
        let line = "--max-turns 20 --max-depth 30 --max-messages 40 --max-tokens 50 --max-cost 0.25 \
                    --timeout 70 --max-parallel 80 --turn-timeout 90 --retries 10";
        let line: Vec<&str> = line.split_whitespace().collect();
        let limits = words(&line).unwrap().apply(&declared());
        let expected = Limits {
            turns_per_expert: 20,
            depth: 30,
            messages: 40,
            tokens: 50,
            cost_usd: Some(0.25),
            seconds: 70,
            turn_seconds: 90,
            retries: 10,
            parallel: 80,
        };
        assert_eq!(limits, expected);
    }

    #[test]
    fn money_that_bounds_nothing_is_refused() {
        for sum in ["0", "-1", "inf", "NaN", "two"] {
            let error = words(&[&format!("--max-cost={sum}")]).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("as a positive number, such as 2.5"), "{text}");
        }
    }

    #[test]
    fn none_at_a_time_and_no_time_at_all_are_refused() {
        words(&["--max-parallel", "0"]).unwrap_err();
        words(&["--turn-timeout", "0"]).unwrap_err();
        assert_eq!(words(&["--retries", "0"]).unwrap().retries, Some(0));
    }
}
