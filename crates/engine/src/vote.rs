//! A vote on its own: ballots in, result out.

use thiserror::Error;

use poag_core::vote::{Election, Tally, VoteError};

/// Bytes of a file of ballots.
pub const BALLOT_FILE_BYTES: usize = 16 * 1024 * 1024;

/// Why ballots were not counted.
#[derive(Debug, Error)]
pub enum BallotError {
    /// More bytes than [`BALLOT_FILE_BYTES`].
    #[error(
        "the ballots are larger than {} MiB\nrepair: count parts of them on their own",
        BALLOT_FILE_BYTES / 1024 / 1024
    )]
    Size,
    /// No JSON, or another shape.
    #[error(
        "the ballots cannot be read: {0}\nrepair: write {{\"choices\": [\"a\", \"b\"], \"ballots\": [{{\"by\": \"me\", \"ranking\": [[\"a\"], [\"b\"]]}}]}}"
    )]
    Json(#[from] serde_json::Error),
    /// See [`VoteError`].
    #[error(transparent)]
    Vote(#[from] VoteError),
}

/// Counts the ballots of a JSON document, see [`Election`].
///
/// # Errors
///
/// The document is too large, has another shape, or is no valid election.
pub fn tally(json: &[u8]) -> Result<Tally, BallotError> {
    if json.len() > BALLOT_FILE_BYTES {
        return Err(BallotError::Size);
    }
    let election: Election = serde_json::from_slice(json)?;
    Ok(election.tally()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ballots_in_and_a_result_out() {
        let text = br#"{"choices": ["a", "b"], "ballots": [{"by": "me", "ranking": [["b"]]}]}"#;
        assert_eq!(tally(text).unwrap().winner.as_deref(), Some("b"));
    }

    #[test]
    fn each_failure_ends_in_a_repair() {
        let large = vec![b' '; BALLOT_FILE_BYTES + 1];
        let deep = "[".repeat(100_000);
        for bad in [
            &large[..],
            b"{",
            deep.as_bytes(),
            br#"{"choices": [], "ballots": []}"#,
            br#"{"choices": ["a"], "ballots": [{"by": "me", "rank": []}]}"#,
        ] {
            let text = tally(bad).unwrap_err().to_string();
            assert!(text.lines().count() == 2, "{text}");
            assert!(
                text.lines().last().unwrap().starts_with("repair: "),
                "{text}"
            );
        }
    }
}
