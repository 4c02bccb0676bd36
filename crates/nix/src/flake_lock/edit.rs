//! Adds `follows` to the text of a flake.nix and leaves every other byte where it was: in the style that is there.

use rnix::ast::{Attr, AttrSet, AttrpathValue, Expr, HasEntry as _, InterpolPart};
use rnix::{Root, SyntaxKind};
use rowan::ast::AstNode as _;

/// Why a statement cannot be added.
pub type EditProblem = &'static str;

/// The text with one more `inputs.A.inputs.B.follows = "C/D";`.
///
/// # Errors
/// When the text is not that of a flake, or says something else about that input already.
pub fn add(text: &str, input: &[String], follows: &[String]) -> Result<String, EditProblem> {
    let mut path: Vec<String> = Vec::new();
    for name in input {
        path.extend(["inputs".into(), name.clone()]);
    }
    let flake = read(text)?;
    let before = flatten(&flake);
    if before.iter().any(|(known, _)| known.starts_with(&path)) {
        return Err("it says something else about this input already");
    }
    if before
        .iter()
        .any(|(known, _)| !known.is_empty() && path.starts_with(known))
    {
        return Err("it does not spell its inputs out");
    }
    path.push("follows".into());
    let value = format!("\"{}\"", follows.join("/"));
    let edited = insert(text, &flake, &path, &value)?;
    // Nothing but what was meant has changed.
    let mut expected = before;
    expected.push((path, value));
    expected.sort();
    let mut found = flatten(&read(&edited)?);
    found.sort();
    if found != expected {
        return Err("it is written in a way that poag does not edit");
    }
    Ok(edited)
}

/// Whether a flake.nix declares an input; none where its inputs are not spelled out.
pub(crate) fn declares(text: &str, input: &str) -> Option<bool> {
    let statements = flatten(&read(text).ok()?);
    let spelled = statements
        .iter()
        .all(|(path, _)| !path.is_empty() && path != &["inputs"]);
    let named = |(path, _): &(Vec<String>, String)| {
        path.first().is_some_and(|first| first == "inputs")
            && path.get(1).is_some_and(|second| second == input)
    };
    spelled.then(|| statements.iter().any(named))
}

/// The reference that a flake.nix has for an input, where it spells it out.
pub(crate) fn reference(text: &str, input: &str) -> Option<String> {
    let path = ["inputs", input, "url"];
    let statements = flatten(&read(text).ok()?);
    let value = statements.into_iter().find(|(known, _)| known == &path)?.1;
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains(['$', '\\', '"'])).then(|| inner.to_owned())
}

/// A name as it stands in an attribute path.
#[must_use]
pub fn quoted(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let plain = chars.all(|c| c.is_ascii_alphanumeric() || "_-'".contains(c));
    let keyword = [
        "if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or",
    ];
    if first && plain && !keyword.contains(&name) {
        name.into()
    } else {
        format!("\"{name}\"")
    }
}

fn read(text: &str) -> Result<AttrSet, EditProblem> {
    let parsed = Root::parse(text).ok().map_err(|_| "it cannot be parsed")?;
    match parsed.expr() {
        Some(Expr::AttrSet(set)) => Ok(set),
        _ => Err("it is not a plain set"),
    }
}

/// Every statement of a set, down to what is no set, with its whole path.
fn flatten(set: &AttrSet) -> Vec<(Vec<String>, String)> {
    let mut all = Vec::new();
    let mut waiting = vec![(Vec::new(), set.clone())];
    while let Some((prefix, set)) = waiting.pop() {
        for entry in set.entries() {
            let text = entry.syntax().text().to_string();
            let rnix::ast::Entry::AttrpathValue(statement) = entry else {
                all.push((prefix.clone(), text));
                continue;
            };
            let Some(names) = names(&statement) else {
                all.push((prefix.clone(), text));
                continue;
            };
            let path: Vec<String> = prefix.iter().cloned().chain(names).collect();
            match statement.value() {
                // Only inputs are looked into: the rest may be anything.
                Some(Expr::AttrSet(inner)) if path.first().is_some_and(|name| name == "inputs") => {
                    waiting.push((path, inner));
                }
                value => all.push((
                    path,
                    value
                        .map(|value| value.syntax().text().to_string())
                        .unwrap_or_default(),
                )),
            }
        }
    }
    all
}

/// The names of a statement's attribute path; none where one is computed.
fn names(statement: &AttrpathValue) -> Option<Vec<String>> {
    let attrs = statement.attrpath()?.attrs();
    attrs
        .map(|attr| match attr {
            Attr::Ident(name) => Some(name.ident_token()?.text().to_string()),
            Attr::Str(text) => match &text.normalized_parts()[..] {
                [InterpolPart::Literal(name)] => Some(name.clone()),
                _ => None,
            },
            Attr::Dynamic(_) => None,
        })
        .collect()
}

/// Puts the statement where its nearest kin stands.
fn insert(
    text: &str,
    flake: &AttrSet,
    path: &[String],
    value: &str,
) -> Result<String, EditProblem> {
    // Down into the sets that are on the way.
    let mut set = flake.clone();
    let mut rest = path;
    'down: loop {
        for statement in set.attrpath_values() {
            let Some(names) = names(&statement) else {
                continue;
            };
            if let Some(Expr::AttrSet(inner)) = statement.value()
                && rest.len() > names.len()
                && rest.starts_with(&names)
            {
                set = inner;
                rest = &rest[names.len()..];
                continue 'down;
            }
        }
        break;
    }
    let written: Vec<String> = rest.iter().map(|name| quoted(name)).collect();
    let statement = format!("{} = {value};", written.join("."));
    // Behind the statement that shares most of its path; the later one of equals.
    let shared = |names: &[String]| names.iter().zip(rest).take_while(|(a, b)| a == b).count();
    let kin = set
        .attrpath_values()
        .filter_map(|kin| Some((shared(&names(&kin)?), kin)))
        .max_by_key(|(shared, kin)| (*shared, kin.syntax().text_range().start()));
    match kin {
        Some((shared, kin)) if shared > 0 || set.syntax() != flake.syntax() => {
            Ok(behind(text, &kin, &statement))
        }
        _ => first(text, &set, &statement),
    }
}

/// After another statement: on a line of its own with the same indentation, or in its line where the whole set is in one.
fn behind(text: &str, kin: &AttrpathValue, statement: &str) -> String {
    let (start, end) = (
        usize::from(kin.syntax().text_range().start()),
        usize::from(kin.syntax().text_range().end()),
    );
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line..start];
    let alone = indent.chars().all(char::is_whitespace);
    if !alone {
        return format!("{} {statement}{}", &text[..end], &text[end..]);
    }
    // What is said about it in the same line stays with it.
    let tail = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let mut at = end;
    let remark = text[end..tail].trim();
    if remark.starts_with('#') || remark.starts_with("/*") && remark.ends_with("*/") {
        at = tail;
    }
    let end_of_line = if text[..at].ends_with('\r') {
        at - 1
    } else {
        at
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    format!(
        "{}{newline}{indent}{statement}{}",
        &text[..end_of_line],
        &text[end_of_line..]
    )
}

/// As the first statement of a set.
fn first(text: &str, set: &AttrSet, statement: &str) -> Result<String, EditProblem> {
    let brace = set
        .syntax()
        .children_with_tokens()
        .find(|token| token.kind() == SyntaxKind::TOKEN_L_BRACE)
        .ok_or("it is not a plain set")?;
    let at = usize::from(brace.text_range().end());
    let (before, after) = text.split_at(at);
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let indent: String = before[line..]
        .chars()
        .take_while(|c| c.is_whitespace())
        .collect();
    let in_one_line = after
        .split('\n')
        .next()
        .is_some_and(|rest| rest.contains('}'));
    Ok(if in_one_line {
        format!("{before} {statement}{after}")
    } else {
        format!("{before}\n{indent}  {statement}{after}")
    })
}
