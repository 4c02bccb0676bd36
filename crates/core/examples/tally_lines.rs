//! Counts an election per line of standard input, for `checks/vote/compare.py`: JSON in, JSON out.

#![expect(clippy::disallowed_methods, reason = "a program of its own")]

use std::io::{BufRead as _, Write as _};

use poag_core::vote::Election;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let election: Election = serde_json::from_str(&line?)?;
        writeln!(output, "{}", serde_json::to_string(&election.tally()?)?)?;
    }
    Ok(())
}
