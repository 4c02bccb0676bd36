//! A flake.nix that is there: what it says of itself, its inputs, and where its outputs are made.

use std::collections::BTreeMap;

use rnix::ast::{self, AttrSet, AttrpathValue, Expr, HasEntry, Lambda};

use super::error::Unfit;
use super::tree;

/// Bytes above which a flake.nix is not read.
pub const MAX_BYTES: usize = 256 << 10;

/// A parsed flake.nix.
pub struct FlakeFile {
    /// Its text, with lines that end as on Unix.
    pub text: String,
    /// Whether they end as on Windows in the file.
    pub crlf: bool,
    /// The set that it is.
    pub top: AttrSet,
}

/// One input, as far as it is spelled out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Input {
    /// Its reference.
    pub url: Option<String>,
    /// Whether it is taken as plain files.
    pub plain: bool,
    /// Whether its own input `poag` follows another one.
    pub follows_poag: bool,
    /// The line that names it, from 1.
    pub line: usize,
}

/// The declaration of an expert that is there already.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Declared {
    /// Its name, where it is spelled out.
    pub name: Option<String>,
    /// Its contracts, where they are spelled out.
    pub contracts: Vec<String>,
    /// The file beside flake.nix that declares it, where it is one.
    pub file: Option<String>,
}

impl Declared {
    /// What a poag.nix declares: a set, or a function that gives one.
    #[must_use]
    pub fn of_file(text: &str) -> Option<Self> {
        let (mut tail, _) = tree::tail(rnix::Root::parse(text).tree().expr()?);
        if let Expr::Lambda(function) = &tail {
            (tail, _) = tree::tail(function.body()?);
        }
        match tail {
            Expr::AttrSet(set) => Some(described(&set)),
            _ => None,
        }
    }
}

impl FlakeFile {
    /// Reads the text.
    ///
    /// # Errors
    /// When it is too large, is not Nix, or is no set.
    pub fn parse(text: String) -> Result<Self, Unfit> {
        let lines = text.matches('\n').count();
        let crlf = lines > 0 && text.matches("\r\n").count() == lines;
        let text = if crlf {
            text.replace("\r\n", "\n")
        } else {
            text
        };
        if text.len() > MAX_BYTES {
            return Err(Unfit::new("it is larger than poag reads (256 KiB)"));
        }
        let tree = rnix::Root::parse(&text);
        if let Some(error) = tree.errors().first() {
            return Err(Unfit::new(format!("it is not Nix: {error}")));
        }
        match tree.tree().expr() {
            Some(Expr::AttrSet(top)) => Ok(Self { text, crlf, top }),
            _ => Err(Unfit::new("it is not a set `{ outputs = …; }`")),
        }
    }

    /// A text as it goes into the file.
    #[must_use]
    pub fn written(&self, text: &str) -> String {
        match self.crlf {
            true => text.replace('\n', "\r\n"),
            false => text.to_owned(),
        }
    }

    /// The line of the comment at the beginning that says that a program writes this file.
    #[must_use]
    pub fn generated(&self) -> Option<usize> {
        let head = self.text.lines().take(20).enumerate();
        let head = head.take_while(|(_, line)| !line.trim_start().starts_with('{'));
        let says = |line: &str| {
            let line = line.to_lowercase();
            ["do not edit", "don't edit", "do not modify", "@generated"]
                .iter()
                .any(|word| line.contains(word))
        };
        let mut said = head.filter(|(_, line)| says(line));
        said.next().map(|(at, _)| at + 1)
    }

    /// The text of `description`, and its line.
    #[must_use]
    pub fn description(&self) -> Option<(String, usize)> {
        let found = tree::bindings(&self.top)
            .into_iter()
            .find(|(path, _)| path == &["description"])?;
        Some((tree::string(&found.1)?, self.line(&found.1)))
    }

    /// The inputs that are spelled out, by name.
    #[must_use]
    pub fn inputs(&self) -> BTreeMap<String, Input> {
        let mut out: BTreeMap<String, Input> = BTreeMap::new();
        for (path, value) in tree::bindings(&self.top) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let ["inputs", name, rest @ ..] = &path[..] else {
                continue;
            };
            let input = out.entry((*name).to_owned()).or_default();
            if input.line == 0 {
                input.line = self.line(&value);
            }
            match rest {
                ["url"] => input.url = tree::string(&value),
                ["flake"] => input.plain = tree::text(&value) == "false",
                ["inputs", "poag", "follows"] => input.follows_poag = true,
                _ => (),
            }
        }
        out
    }

    /// The binding `outputs` and the function that it is.
    ///
    /// # Errors
    /// When there is none.
    pub fn outputs(&self) -> Result<(AttrpathValue, Lambda), Unfit> {
        let binding = self.binding("outputs").ok_or_else(|| {
            Unfit::new("it has no `outputs = …;` that is written out in one piece")
        })?;
        match binding.value() {
            Some(Expr::Lambda(lambda)) => Ok((binding, lambda)),
            _ => Err(Unfit::new(
                "its `outputs` is not written as a function here",
            )),
        }
    }

    /// The top-level binding of exactly that name.
    #[must_use]
    pub fn binding(&self, name: &str) -> Option<AttrpathValue> {
        self.top.attrpath_values().find(|binding| {
            let path = binding.attrpath().map(|path| tree::names(&path));
            path.is_some_and(|path| path == [Some(name.to_owned())])
        })
    }

    /// The expert that is declared here already.
    #[must_use]
    pub fn declared(&self) -> Option<Declared> {
        let calls = tree::all::<_, ast::Apply>(&self.top).filter_map(|call| {
            let function = tree::called(&call.lambda()?)?;
            let makes = matches!(
                function.as_str(),
                "mkPoagFlake" | "mkPoagExpert" | "withExperts"
            );
            match call.argument() {
                Some(Expr::PathRel(path)) if makes => Some(Declared {
                    file: Some(tree::text(&path)),
                    ..Declared::default()
                }),
                Some(Expr::AttrSet(set)) if makes => Some(described(&set)),
                _ => makes.then(Declared::default),
            }
        });
        let mut calls = calls.collect::<Vec<_>>();
        if !calls.is_empty() {
            // A consumer may give experts to others: its own is the one with `src = ./.`, which comes first as a rule.
            return Some(calls.swap_remove(0));
        }
        let module = tree::all::<_, ast::Select>(&self.top)
            .any(|select| tree::text(&select).contains("poag.flakeModules"));
        let output = self.outputs().ok().and_then(|(_, lambda)| {
            let (tail, _) = tree::tail(lambda.body()?);
            let Expr::AttrSet(set) = tail else {
                return None;
            };
            tree::bound(&set)
        });
        let output = output.is_some_and(|names| names.iter().any(|name| name == "poag"));
        if !module && !output {
            return None;
        }
        let own = tree::all::<_, AttrpathValue>(&self.top).find_map(|binding| {
            let named = tree::names(&binding.attrpath()?) == [Some("poag".to_owned())];
            match binding.value()? {
                Expr::AttrSet(set) if named => Some(described(&set)),
                Expr::PathRel(path) if named => Some(Declared {
                    file: Some(tree::text(&path)),
                    ..Declared::default()
                }),
                _ => None,
            }
        });
        Some(own.unwrap_or_default())
    }

    /// The line of a node, from 1.
    pub fn line<N: ast::AstNode>(&self, node: &N) -> usize {
        tree::line(&self.text, tree::span(node).0)
    }
}

fn described(set: &AttrSet) -> Declared {
    let mut out = Declared::default();
    for (path, value) in tree::bindings(set) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match &path[..] {
            ["name"] => out.name = tree::string(&value),
            ["provides", contract, ..] if !out.contracts.iter().any(|one| one == contract) => {
                out.contracts.push((*contract).to_owned());
            }
            _ => (),
        }
    }
    out
}
