//! A proposed declaration, and its text in Nix.

use poag_core::nix_string::quote;
use std::collections::BTreeMap;

use serde::Serialize;

/// Files of one contract that are spelled out.
pub const MAX_FILES: usize = 8;

/// What `mkPoagFlake` is to be called with.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Declaration {
    /// Unique in the graph.
    pub name: String,
    /// What the expert owns and cares for, one line.
    pub role: String,
    /// Contract → what others may rely on.
    pub provides: BTreeMap<String, DraftContract>,
    /// Name of another expert → how it is reached, and what is needed of it.
    pub neighbors: BTreeMap<String, DraftNeighbor>,
}

/// One contract.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct DraftContract {
    /// One line.
    pub summary: String,
    /// Paths relative to the flake's folder.
    pub files: Vec<String>,
}

/// One edge.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct DraftNeighbor {
    /// The name of the input.
    pub input: String,
    /// Contract → what for. Empty stands for everything that is provided.
    pub needs: BTreeMap<String, String>,
}

impl Declaration {
    /// The lines between the braces; `inputs` is what stands before an input's name (`inputs.`, or nothing).
    #[must_use]
    pub fn lines(&self, inputs: &str) -> Vec<String> {
        let mut out = vec![
            format!("name = {};", quote(&self.name)),
            "src = ./.;".into(),
            format!("role = {};", quote(&self.role)),
        ];
        match self.provides.len() {
            0 => (),
            1 => {
                for (name, contract) in &self.provides {
                    out.push(contract.entry(&format!("provides.{}", key(name))));
                }
            }
            _ => {
                let each = self.provides.iter();
                let each = each.map(|(name, contract)| contract.entry(&key(name)));
                out.push(set("provides", &each.collect::<Vec<_>>()));
            }
        }
        for (name, neighbor) in &self.neighbors {
            let mut lines = vec![format!("expert = {inputs}{}.poag;", key(&neighbor.input))];
            lines.extend(
                neighbor
                    .needs
                    .iter()
                    .map(|(contract, text)| format!("needs.{} = {};", key(contract), quote(text))),
            );
            out.push(set(&format!("neighbors.{}", key(name)), &lines));
        }
        out
    }
}

impl DraftContract {
    fn entry(&self, name: &str) -> String {
        match self.files.is_empty() {
            true => format!("{name}.summary = {};", quote(&self.summary)),
            false => set(name, &self.lines()),
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut out = vec![format!("summary = {};", quote(&self.summary))];
        let quoted: Vec<String> = self.files.iter().map(|file| quote(file)).collect();
        match &quoted[..] {
            [] => (),
            [one] => out.push(format!("files = [ {one} ];")),
            many => out.push(format!("files = [\n  {}\n];", many.join("\n  "))),
        }
        out
    }
}

/// `name = { … };`, with its lines one step in.
pub fn set(name: &str, lines: &[String]) -> String {
    let inside = lines.iter().map(|line| super::edit::indented(line, "  "));
    format!(
        "{name} = {{\n{}\n}};",
        inside.collect::<Vec<_>>().join("\n")
    )
}

/// Words that Nix takes for something else than a name.
const RESERVED: [&str; 11] = [
    "if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or", "__curPos",
];

/// An attribute name, in quotes where it needs them.
pub fn key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''))
        && !RESERVED.contains(&name);
    if plain { name.into() } else { quote(name) }
}

/// A name as experts and contracts may have it, out of any text; none where nothing is left.
pub fn plain_name(text: &str) -> Option<String> {
    let mut out = String::new();
    for c in text.chars().take(64) {
        match c {
            c if c.is_ascii_alphanumeric() || c == '_' => out.push(c),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => (),
        }
    }
    let name = out.trim_matches(['-', '_']);
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_repository_stays_text() {
        let evil = "a \"b\" ${builtins.abort \"x\"} \\ $${c}\n";
        let quoted = quote(evil);
        let tree = rnix::Root::parse(&quoted);
        assert!(tree.errors().is_empty());
        let Some(rnix::ast::Expr::Str(string)) = tree.tree().expr() else {
            panic!("{quoted}")
        };
        assert_eq!(crate::tree::literal(&string).as_deref(), Some(evil));
    }

    #[test]
    fn names_are_made_plain() {
        assert_eq!(
            plain_name("@scope/My Tool").as_deref(),
            Some("scope-My-Tool")
        );
        assert_eq!(plain_name("..").as_deref(), None);
        assert_eq!(key("if"), "\"if\"");
        assert_eq!(key("hello-rs"), "hello-rs");
    }
}
