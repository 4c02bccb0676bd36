//! How far a council may go, as the command line says it.

use clap::Args;

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
    pub turn_timeout: Option<u64>,
    /// How often a turn that failed is taken again, where that can help
    #[arg(long, value_name = "N")]
    retries: Option<u32>,
}

impl LimitArgs {
    /// Whether the command line says anything about limits.
    pub fn given(&self) -> bool {
        *self != Self::default()
    }

    /// The limits of a request.
    pub fn settings(&self) -> CouncilSettings {
        CouncilSettings {
            max_turns: self.max_turns,
            max_depth: self.max_depth,
            max_messages: self.max_messages,
            max_tokens: self.max_tokens,
            max_cost_usd: self.max_cost,
            timeout_seconds: self.timeout,
            parallel: self.max_parallel,
            retries: self.retries,
        }
    }
}

/// A sum of money that bounds something.
pub fn dollars(text: &str) -> Result<f64, String> {
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

    #[test]
    fn what_is_not_said_is_left_to_the_flake() {
        let limits = words(&[]).unwrap();
        let settings = serde_json::to_value(limits.settings()).unwrap();
        assert_eq!(settings, json!(CouncilSettings::default()));
        assert_eq!(limits.turn_timeout, None);
    }

    #[test]
    fn every_option_is_a_limit_of_its_own() {
        let line = "--max-turns 20 --max-depth 30 --max-messages 40 --max-tokens 50 --max-cost 0.25 \
                    --timeout 70 --max-parallel 80 --turn-timeout 90 --retries 10";
        let line: Vec<&str> = line.split_whitespace().collect();
        let limits = words(&line).unwrap();
        let expected = json!({
            "maxTurns": 20, "maxDepth": 30, "maxMessages": 40, "maxTokens": 50, "maxCostUsd": 0.25,
            "timeoutSeconds": 70, "parallel": 80, "retries": 10,
        });
        assert_eq!(serde_json::to_value(limits.settings()).unwrap(), expected);
        assert_eq!(limits.turn_timeout, Some(90));
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
