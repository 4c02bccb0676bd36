//! Lays a pack out as a folder.

#![expect(
    clippy::disallowed_methods,
    reason = "a folder that was not there before"
)]

use std::fs;
use std::path::Path;

use super::{Contents, FILES, LABEL, Label, Owner, SCHEMA, ShareError, Source, TEXT};
use crate::files::Files;
use crate::pack::Pack;
use crate::secrets::{redact, secret_name};
use poag_core::expert::{Expert, PACK_REST};
use poag_core::name::shown;

/// Lays out the pack of an expert in `folder`, which must not be there yet.
///
/// # Errors
/// When the folder is there, or files cannot be read or written.
pub fn write(folder: &Path, expert: &Expert, pack: &Pack) -> Result<Label, ShareError> {
    if folder.symlink_metadata().is_ok() {
        return Err(ShareError::There(folder.to_owned()));
    }
    let files = folder.join(FILES);
    fs::create_dir_all(&files).map_err(ShareError::file(&files))?;
    let (sources, rest) = split(expert, &pack.text)?;
    let mut label = label(expert, pack);
    for (path, text) in sources {
        put(&files.join(&path), &text)?;
        let lines = text.lines().count();
        label.sources.push(Source { path, lines });
    }
    while label.sources.iter().any(|source| source.path == label.rest) {
        label.rest.insert(0, '_');
    }
    put(&files.join(&label.rest), &rest)?;
    put(&folder.join(TEXT), &pack.text)?;
    let json = serde_json::to_string_pretty(&label).map_err(std::io::Error::from);
    let json = json.map_err(ShareError::file(&folder.join(LABEL)))?;
    put(&folder.join(LABEL), &(json + "\n"))?;
    Ok(label)
}

fn label(expert: &Expert, pack: &Pack) -> Label {
    // Nothing declared is in a pack with its secrets.
    let clean = |text: &str| redact("flake.nix", text).0.into_owned();
    let mut provides = expert.provides.clone();
    for contract in provides.values_mut() {
        contract.summary = clean(&contract.summary);
    }
    let mut neighbors = expert.neighbors.clone();
    for need in neighbors
        .values_mut()
        .flat_map(|edge| edge.needs.values_mut())
    {
        *need = clean(need);
    }
    let all = |texts: &[String]| texts.iter().map(|text| clean(text)).collect();
    Label {
        schema: SCHEMA.to_owned(),
        expert: Owner {
            name: expert.name.clone(),
            role: clean(&expert.role),
            provides,
            neighbors,
            checks: all(&expert.checks),
            capabilities: all(&expert.capabilities),
            identity: expert.identity.clone(),
            declaration: expert.declaration.clone(),
        },
        pack: Contents {
            tokens: pack.tokens,
            layers: pack.layers.clone(),
            left_out: pack.left_out.clone(),
        },
        sources: Vec::new(),
        rest: PACK_REST.to_owned(),
    }
}

/// The sources that stand whole in a pack's text, by path, and the text without them. What a template of the flake's
/// own shows of them decides, so that it is looked for and not foretold.
fn split(expert: &Expert, text: &str) -> Result<(Vec<(String, String)>, String), ShareError> {
    let files = Files::of(&expert.knowledge)?;
    let mut sources = Vec::new();
    let mut rest = text.to_owned();
    for file in &files.files {
        let named = shown(&file.path);
        if secret_name(&file.path).is_some() || !text.contains(&*named) {
            continue;
        }
        let Some(source) = files.text(file)? else {
            continue;
        };
        let (clean, _) = redact(&file.path, &source);
        let clean = clean.trim_end();
        if clean.trim().is_empty() {
            continue;
        }
        let whole = format!("\n{clean}\n");
        if text.contains(&whole) {
            take_out(&mut rest, &whole, &named);
            sources.push((file.path.clone(), format!("{clean}\n")));
        }
    }
    Ok((sources, rest))
}

/// Takes a source out of a text, with its fence and the heading that names it.
fn take_out(rest: &mut String, whole: &str, path: &str) {
    let Some(at) = rest.find(whole) else {
        return;
    };
    let (mut start, mut end) = (at + 1, at + whole.len());
    let before = |start: usize| {
        let text = rest.get(..start.checked_sub(1)?)?;
        Some(text.rfind('\n').map_or(0, |line| line + 1))
    };
    let is = |range: std::ops::Range<usize>, what: &dyn Fn(&str) -> bool| {
        rest.get(range).is_some_and(|line| what(line.trim_end()))
    };
    let mut take = |what: &dyn Fn(&str) -> bool| {
        if let Some(line) = before(start)
            && is(line..start, what)
        {
            start = line;
            return true;
        }
        false
    };
    if take(&|line| line.starts_with("```")) {
        take(&str::is_empty);
        take(&|line| line.starts_with('#') && line.ends_with(path));
        let fence = rest[end..]
            .find('\n')
            .map_or(rest.len(), |length| end + length + 1);
        if is(end..fence, &|line| line.starts_with("```")) {
            end = fence;
        }
    }
    rest.replace_range(start..end, "");
}

fn put(path: &Path, text: &str) -> Result<(), ShareError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(ShareError::file(folder))?;
    }
    fs::write(path, text).map_err(ShareError::file(path))
}
