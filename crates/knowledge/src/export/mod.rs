//! What an expert knows, for agents that do not ask: AGENTS.md, SKILL.md and llms.txt, made from its declaration and its
//! outline. The same expert gives the same bytes everywhere, and no export is made of another one.

mod agents;
mod compare;
mod facts;
mod llms;
mod mark;
mod skill;
mod text;

#[cfg(test)]
mod tests;

pub use compare::{Difference, compare};
pub use facts::Facts;
pub use skill::is_name;

/// What a file is written as.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// AGENTS.md.
    AgentsMd,
    /// SKILL.md.
    Skill,
    /// llms.txt.
    LlmsTxt,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AgentsMd, Self::Skill, Self::LlmsTxt];

    /// The name in flakes and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AgentsMd => "agents-md",
            Self::Skill => "skill",
            Self::LlmsTxt => "llms-txt",
        }
    }

    /// What it is for, in a few words, and where its format is described.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::AgentsMd => {
                "AGENTS.md, for coding agents that work in the flake: <https://agents.md>"
            }
            Self::Skill => {
                "SKILL.md, for agents that take up skills: <https://agentskills.io/specification>"
            }
            Self::LlmsTxt => "llms.txt, for readers of the documentation: <https://llmstxt.org>",
        }
    }

    /// The form of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// The whole text of an export. `skill` is the name of a skill, and counts for no other form.
#[must_use]
pub fn render(form: Form, facts: &Facts, skill: &str) -> String {
    let mark = |body: &str| mark::line(form, &facts.name, body);
    match form {
        Form::AgentsMd => {
            let body = agents::body(facts);
            format!("{}\n{body}", mark(&body))
        }
        Form::Skill => {
            let (front, body) = (skill::front(facts, skill), skill::body(facts));
            // YAML comes first.
            format!("{front}{}\n{body}", mark(&format!("{front}{body}")))
        }
        Form::LlmsTxt => {
            let (front, body) = (llms::front(facts), llms::body(facts));
            // The title comes first.
            format!("{front}{}\n{body}", mark(&format!("{front}{body}")))
        }
    }
}
