//! What a neighbour promises in one contract, with the text of its files.

use std::fmt::Write as _;

use poag_core::council::gossip::CallResult;
use poag_core::expert::{Expert, Graph};
use poag_core::name::shown;
use poag_core::suggest::nearest;
use poag_knowledge::files::Files;
use poag_knowledge::secrets::redact;

/// Most bytes of text in one answer.
const BYTES: usize = 64 << 10;

/// The neighbour that provides it.
pub(super) fn find<'g>(
    graph: &'g Graph,
    expert: &Expert,
    neighbor: &str,
    contract: &str,
) -> Result<&'g Expert, String> {
    let known = expert.neighbors.contains_key(neighbor);
    let Some(provider) = graph.expert(neighbor).filter(|_| known) else {
        let names = expert.neighbors.keys().map(String::as_str);
        return Err(unknown("neighbour", neighbor, names));
    };
    if provider.provides.contains_key(contract) {
        return Ok(provider);
    }
    let names = provider.provides.keys().map(String::as_str);
    Err(unknown("contract of it", contract, names))
}

fn unknown<'n>(what: &str, name: &str, names: impl Iterator<Item = &'n str> + Clone) -> String {
    let name: String = name.chars().take(80).collect();
    let close = nearest(&name, names.clone()).map(|close| format!("; did you mean '{close}'?"));
    let all: Vec<&str> = names.collect();
    let one_of = match all.is_empty() {
        true => "there is none".to_owned(),
        false => format!("name one of: {}", all.join(", ")),
    };
    let close = close.unwrap_or_default();
    format!("'{name}' is no {what}{close}\nrepair: {one_of}")
}

/// Its summary and its files, without secrets, within bounds.
pub(super) fn read(provider: &Expert, name: &str) -> CallResult {
    let Some(contract) = provider.provides.get(name) else {
        return CallResult::Failed(format!(
            "there is no contract '{name}'\nrepair: ask for another"
        ));
    };
    let mut text = format!("{}: {name}: {}\n", provider.name, contract.summary);
    let files = match Files::of(&provider.knowledge) {
        Ok(files) => files,
        Err(error) => return CallResult::Failed(error.to_string()),
    };
    for file in contract.files.iter().flat_map(|path| files.below(path)) {
        let path = shown(&file.path);
        let content = match files.text(file) {
            Ok(Some(content)) => content,
            Ok(None) => {
                let _ = writeln!(text, "\n{path}: no text, {} bytes", file.size);
                continue;
            }
            Err(error) => return CallResult::Failed(error.to_string()),
        };
        let (clean, _) = redact(&file.path, &content);
        let room = BYTES.saturating_sub(text.len());
        if clean.len() > room {
            let _ = writeln!(
                text,
                "\n{path}: {} bytes, left out: this answer is full; ask its owner",
                clean.len()
            );
            if text.len() > BYTES {
                break;
            }
            continue;
        }
        let _ = writeln!(text, "\n{path}:\n{}", clean.trim_end());
    }
    CallResult::Said(text)
}
