//! Proposals for people, and for scripts.

use crate::command::style;
use crate::error::Error;
use crate::init::{Proposal, ProposalOutcome};
use crate::terminal;

/// Evidence, notes and differences.
pub fn people(proposals: &[Proposal]) -> Result<(), Error> {
    for proposal in proposals {
        terminal::people(&one(proposal))?;
    }
    Ok(())
}

fn one(proposal: &Proposal) -> String {
    let file = format!("{}/flake.nix", proposal.dir);
    let name = style::bold(&proposal.declaration.name);
    if matches!(proposal.outcome, ProposalOutcome::Already) {
        return format!("{file} has an expert already\n");
    }
    let mut out = format!("{file}: the expert {name}\n");
    let wide = |texts: Vec<usize>| texts.into_iter().max().unwrap_or(0);
    let fields = wide(
        proposal
            .evidence
            .iter()
            .map(|one| one.field.chars().count())
            .collect(),
    );
    let places = wide(
        proposal
            .evidence
            .iter()
            .map(|one| one.place().chars().count())
            .collect(),
    );
    for one in &proposal.evidence {
        out.push_str(&format!(
            "  {:fields$}  {}  {}\n",
            one.field,
            style::dim(format!("{:places$}", one.place())),
            one.says
        ));
    }
    if !proposal.declaration.experts.is_empty() {
        out.push_str(&format!(
            "{} experts of packages, {} edges\n",
            proposal.declaration.experts.len(),
            proposal.declaration.edges()
        ));
    }
    for note in &proposal.notes {
        out.push_str(&format!("{} {note}\n", style::warn("note:")));
    }
    match &proposal.outcome {
        ProposalOutcome::Already => (),
        ProposalOutcome::Edit { diff, .. } => {
            for line in diff.lines() {
                let line = match line.chars().next() {
                    Some('+') => style::good(line),
                    Some('-') => style::warn(line),
                    Some('@') => style::dim(line),
                    _ => line.to_owned(),
                };
                out.push_str(&line);
                out.push('\n');
            }
        }
        ProposalOutcome::ByHand { reason, add } => {
            out.push_str(&format!(
                "{} {file} is not edited by poag: {reason}\n",
                style::warn("by hand:")
            ));
            for (place, lines) in add {
                out.push_str(&format!("{place}:\n"));
                lines
                    .lines()
                    .for_each(|line| out.push_str(&format!("    {line}\n")));
            }
            out.push_str("repair: add these lines, then run `nix run .#poag -- learn`\n");
        }
    }
    out
}

/// One JSON document.
pub fn scripts(proposals: &[Proposal], written: bool) -> Result<(), Error> {
    let document = serde_json::json!({
        "schemaVersion": 1,
        "written": written,
        "flakes": proposals,
    });
    terminal::json(format!("{document:#}\n").as_bytes())?;
    Ok(())
}
