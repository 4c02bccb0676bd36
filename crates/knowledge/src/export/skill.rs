//! SKILL.md: the same for agents that take it up when it is needed, see <https://agentskills.io/specification>.

use super::agents::sections;
use super::facts::Facts;
use super::text::{cut, lowered, one_line};

/// Characters of a name.
const NAME: usize = 64;
/// Characters of a description.
const DESCRIPTION: usize = 1024;

/// Whether a skill may have this name, which is also that of its folder: 1 to 64 characters of `a-z`, `0-9` and single
/// hyphens between them.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    name.len() <= NAME && name.split('-').all(part)
}

/// A name for the skill of an expert that nobody has named.
pub(super) fn name(expert: &str) -> String {
    let lower = expert.to_ascii_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let mut name = parts.join("-");
    name.truncate(NAME);
    name.trim_end_matches('-').to_owned()
}

/// The YAML in front.
pub(super) fn front(facts: &Facts, skill: &str) -> String {
    let name = match skill.is_empty() {
        true => name(&facts.name),
        false => skill.to_owned(),
    };
    let contracts: Vec<&str> = facts.provides.iter().map(|one| one.name.as_str()).collect();
    let about = match contracts.is_empty() {
        true => String::new(),
        false => format!(" or what it provides ({})", contracts.join(", ")),
    };
    let when = format!(
        " Use when working on {}{about}, or when asked how it is used.",
        facts.name
    );
    let when = cut(&when, DESCRIPTION / 2);
    // Angle brackets could be taken for markup of whoever reads it.
    let role = one_line(&facts.role).replace('<', "(").replace('>', ")");
    let role = cut(&role, DESCRIPTION - when.chars().count());
    // A string of JSON is one of YAML.
    let description = serde_json::Value::from(format!("{role}{when}"));
    format!("---\nname: {name}\ndescription: {description}\n---\n")
}

pub(super) fn body(facts: &Facts) -> String {
    let mut out = format!("\n# {}\n\n{}\n", facts.name, lowered(&facts.role));
    sections(facts, &mut out);
    out
}
