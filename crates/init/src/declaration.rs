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
    /// The folder of its code, seen from the flake's: `./.`, or `../.` where the flake lies in a subfolder.
    pub src: String,
    /// What the expert owns and cares for, one line.
    pub role: String,
    /// Contract → what others may rely on.
    pub provides: BTreeMap<String, DraftContract>,
    /// Name of another expert → how it is reached, and what is needed of it.
    pub neighbors: BTreeMap<String, DraftNeighbor>,
    /// The commands that prove a change; none for nix alone.
    pub checks: Vec<String>,
    /// Name → the expert of a package in a subfolder.
    pub experts: BTreeMap<String, PackageDeclaration>,
}

/// The expert of one package.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageDeclaration {
    /// Its folder, relative to the code of the flake.
    pub folder: String,
    /// What the expert owns and cares for, one line.
    pub role: String,
    /// Contract → what others may rely on.
    pub provides: BTreeMap<String, DraftContract>,
    /// Name of another expert of the same flake → what is needed of it.
    pub neighbors: BTreeMap<String, DraftNeighbor>,
    /// Edges that are not declared.
    pub left_out: Vec<LeftOutEdge>,
    /// The commands that prove a change.
    pub checks: Vec<String>,
}

/// An edge that is not declared.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct LeftOutEdge {
    /// The provider.
    pub name: String,
    /// The reason.
    pub why: String,
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
    /// The name of the input; empty for an expert of the same flake.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub input: String,
    /// Contract → what for. Empty stands for everything that is provided.
    pub needs: BTreeMap<String, String>,
    /// Whether only tests, benchmarks and the like need it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub development: bool,
}

impl Declaration {
    /// The lines between the braces; `inputs` is what stands before an input's name (`inputs.`, or nothing).
    #[must_use]
    pub fn lines(&self, inputs: &str) -> Vec<String> {
        let mut out = vec![
            format!("name = {};", quote(&self.name)),
            format!("src = {};", self.src),
            format!("role = {};", quote(&self.role)),
        ];
        out.extend(provided(&self.provides));
        out.extend(neighboring(&self.neighbors, inputs));
        if self.checks != ["nix flake check"] {
            out.extend(listed("checks", &self.checks));
        }
        if !self.experts.is_empty() {
            let each = self.experts.iter();
            let each = each.map(|(name, expert)| set(&key(name), &expert.lines(&self.src)));
            out.push(set("experts", &each.collect::<Vec<_>>()));
        }
        out
    }

    /// A file of its own: a set, or a function of the flake's inputs where the experts of others are named.
    #[must_use]
    pub fn file(&self) -> String {
        let lines = self.lines("inputs.");
        let lines = lines.iter().map(|line| super::edit::indented(line, "  "));
        let lines = lines.collect::<Vec<_>>().join("\n");
        let head = if self.takes_inputs() {
            "{ inputs, ... }:\n"
        } else {
            ""
        };
        format!("{HEAD}{head}{{\n{lines}\n}}\n")
    }

    /// Whether experts of other flakes are named.
    #[must_use]
    pub fn takes_inputs(&self) -> bool {
        self.neighbors.values().any(|one| !one.input.is_empty())
    }

    /// How many edges are declared between experts.
    #[must_use]
    pub fn edges(&self) -> usize {
        let inner = self.experts.values().map(|expert| expert.neighbors.len());
        self.neighbors.len() + inner.sum::<usize>()
    }
}

/// What a poag.nix begins with.
const HEAD: &str = "# The experts of this repository, begun by `poag init` and yours to edit: `nix run .#poag -- graph` shows them.\n";

impl PackageDeclaration {
    fn lines(&self, root: &str) -> Vec<String> {
        let mut out = vec![
            format!("src = {};", path_below(root, &self.folder)),
            format!("role = {};", quote(&self.role)),
        ];
        out.extend(provided(&self.provides));
        out.extend(self.left_out.iter().map(|edge| {
            format!(
                "# No neighbor: {} ({}).",
                comment(&edge.name),
                comment(&edge.why)
            )
        }));
        out.extend(neighboring(&self.neighbors, ""));
        out.extend(listed("checks", &self.checks));
        out
    }
}

/// Text that ends no comment.
fn comment(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// A folder below the one that `root` (`./.`, `../.`) means, as Nix writes it.
fn path_below(root: &str, folder: &str) -> String {
    let base = root.strip_suffix("/.").unwrap_or(root);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '/');
    match folder.chars().all(plain) {
        true => format!("{base}/{folder}"),
        false => format!("{root} + {}", quote(&format!("/{folder}"))),
    }
}

fn provided(provides: &BTreeMap<String, DraftContract>) -> Vec<String> {
    let prefix = if provides.len() == 1 { "provides." } else { "" };
    let each = provides.iter();
    let each = each.map(|(name, contract)| contract.entry(&format!("{prefix}{}", key(name))));
    let each: Vec<String> = each.collect();
    match each.len() {
        0 | 1 => each,
        _ => vec![set("provides", &each)],
    }
}

fn neighboring(neighbors: &BTreeMap<String, DraftNeighbor>, inputs: &str) -> Vec<String> {
    let prefix = if neighbors.len() == 1 {
        "neighbors."
    } else {
        ""
    };
    let each: Vec<String> = neighbors
        .iter()
        .map(|(name, neighbor)| neighbor.entry(&format!("{prefix}{}", key(name)), inputs))
        .collect();
    match each.len() {
        0 | 1 => each,
        _ => vec![set("neighbors", &each)],
    }
}

/// `name = [ … ];`, each entry on its own line where there are several.
fn listed(name: &str, texts: &[String]) -> Option<String> {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    match &quoted[..] {
        [] => None,
        [one] => Some(format!("{name} = [ {one} ];")),
        many => Some(format!("{name} = [\n  {}\n];", many.join("\n  "))),
    }
}

impl DraftNeighbor {
    fn entry(&self, name: &str, inputs: &str) -> String {
        let mut lines = Vec::new();
        if !self.input.is_empty() {
            lines.push(format!("expert = {inputs}{}.poag;", key(&self.input)));
        }
        let needs = self.needs.iter();
        lines.extend(
            needs.map(|(contract, text)| format!("needs.{} = {};", key(contract), quote(text))),
        );
        let text = match &lines[..] {
            [] => format!("{name} = {{ }};"),
            [one] => format!("{name}.{one}"),
            _ => set(name, &lines),
        };
        match self.development {
            true => format!("# Only its tests need it.\n{text}"),
            false => text,
        }
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
        out.extend(listed("files", &self.files));
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
