//! AGENTS.md: what a coding agent should know before it works in the flake.

use std::fmt::Write as _;

use super::facts::Facts;
use super::text::{code, lowered};
use poag_core::name::shown;

pub(super) fn body(facts: &Facts) -> String {
    let mut out = format!("# {}\n\n{}\n", facts.name, lowered(&facts.role));
    sections(facts, &mut out);
    out
}

/// Everything behind the role; skills have the same.
pub(super) fn sections(facts: &Facts, out: &mut String) {
    if !facts.checks.is_empty() {
        out.push_str("\n## How a change here is proven\n\n");
        for check in &facts.checks {
            let _ = writeln!(out, "- {}", code(check));
        }
    }
    if !facts.provides.is_empty() {
        out.push_str(
            "\n## What others rely on\n\nOther flakes depend on these contracts: keep them, or tell their owners.\n\n",
        );
        for promise in &facts.provides {
            let files: Vec<String> = promise
                .files
                .iter()
                .map(|file| code(&shown(file)))
                .collect();
            let files = match files.is_empty() {
                true => String::new(),
                false => format!(" ({})", files.join(", ")),
            };
            let _ = writeln!(out, "- **{}**: {}{files}", promise.name, promise.summary);
        }
    }
    if !facts.neighbors.is_empty() {
        out.push_str(
            "\n## What this flake relies on\n\nThese belong to other experts: ask them for a change, and make none here that works around them.\n\n",
        );
        for need in &facts.neighbors {
            let _ = write!(
                out,
                "- **{}** of {}: {}",
                need.contract, need.provider, need.summary
            );
            if !need.need.is_empty() {
                let _ = write!(out, "; needed here for: {}", need.need);
            }
            out.push('\n');
        }
    }
    if !facts.capabilities.is_empty() {
        let _ = write!(
            out,
            "\n## What its expert can do\n\n{}\n",
            facts.capabilities.join(", ")
        );
    }
    if !facts.outline.is_empty() {
        let lines = facts.outline.join("\n");
        let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat((longest + 1).max(3));
        let _ = write!(
            out,
            "\n## Files and what they define\n\n{fence}text\n{lines}\n{fence}\n"
        );
    }
    out.push_str(
        "\n## Who to ask\n\nThe expert of this flake knows all of its files and asks those of its neighbours. In this folder:\n\n```sh\nnix run .#poag -- ask \"how …, or what to change for …\"\n```\n",
    );
}
