//! The layers that stand in front of every pack and move only with the declaration and the contracts on its edges.

use serde::Serialize;

use super::error::PackError;
use super::fenced::Fenced;
use super::left_out::LeftOut;
use super::overview::details;
use super::survey::{FileText, Outlined, page};
use super::worth::Worth;
use crate::files::{Root, is_below};
use crate::secrets::redact;
use crate::tokens;
use poag_core::expert::{Expert, Graph};
use poag_core::name;

/// Bytes of a contract's file up to which it is shown whole; longer ones by their outline.
const SHORT: u64 = 12 << 10;
/// Files of one contract that are shown.
const MAX_FILES: usize = 8;

/// What this expert promises.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ProvidedContract {
    name: String,
    summary: String,
    files: Vec<String>,
}

/// What this expert takes from one provider.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Provider {
    name: String,
    contracts: Vec<NeededContract>,
}

/// One contract on an edge.
#[derive(Clone, Debug, Serialize)]
struct NeededContract {
    name: String,
    /// What it is needed for; may be empty.
    need: String,
    /// The provider's promise.
    summary: String,
    files: Vec<Shown>,
}

/// One file of a neighbour's contract: whole, by its outline, or by its name only.
#[derive(Clone, Debug, Default, Serialize)]
struct Shown {
    path: String,
    language: String,
    fence: String,
    text: String,
    outline: String,
}

/// The contracts this expert gives, without secrets.
pub(super) fn promises(expert: &Expert, left_out: &mut Vec<LeftOut>) -> Vec<ProvidedContract> {
    let promise = |(name, contract): (&String, &poag_core::expert::Contract)| ProvidedContract {
        name: name.clone(),
        summary: declared(&contract.summary, left_out),
        files: name::all(&contract.files),
    };
    expert.provides.iter().map(promise).collect()
}

/// The contracts this expert takes, with the text of their files within `cap` tokens.
pub(super) fn providers(
    graph: &Graph,
    expert: &Expert,
    cap: usize,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Provider>, PackError> {
    let mut left = cap;
    let mut providers = Vec::with_capacity(expert.neighbors.len());
    for (name, neighbor) in &expert.neighbors {
        let provider = graph.expert(name).ok_or_else(|| PackError::Neighbor {
            expert: expert.name.clone(),
            neighbor: name.clone(),
        })?;
        let mut files = None;
        let mut contracts = Vec::with_capacity(neighbor.contracts.len());
        for contract in &neighbor.contracts {
            // A need without a promise was refused by the evaluation; here it is merely not shown.
            let Some(promise) = provider.provides.get(contract) else {
                continue;
            };
            let mut need = NeededContract {
                name: contract.clone(),
                need: declared(
                    neighbor.needs.get(contract).map_or("", String::as_str),
                    left_out,
                ),
                summary: declared(&promise.summary, left_out),
                files: Vec::new(),
            };
            for path in &promise.files {
                if files.is_none() {
                    let root = root(provider)?;
                    let listed = root.list().map_err(|source| failed(provider, source))?;
                    files = Some((root, listed));
                }
                let Some((root, listed)) = &files else {
                    continue;
                };
                let below = listed.iter().filter(|file| is_below(&file.path, path));
                for file in below.take(MAX_FILES) {
                    let (page, missing) = page(root, file, Outlined::Until(None))
                        .map_err(|source| failed(provider, source))?;
                    left_out.extend(missing.into_iter().map(|one| LeftOut {
                        path: format!("{name}:{}", one.path),
                        ..one
                    }));
                    need.files.push(match page {
                        Some(page) => show(&page, &mut left),
                        None => Shown {
                            path: name::shown(&file.path).into_owned(),
                            ..Shown::default()
                        },
                    });
                }
            }
            contracts.push(need);
        }
        providers.push(Provider {
            name: name.clone(),
            contracts,
        });
    }
    Ok(providers)
}

/// Where the files of one expert lie, with its name in the error.
pub(super) fn root(expert: &Expert) -> Result<Root, PackError> {
    Root::of(&expert.knowledge).map_err(|source| failed(expert, source))
}

/// An error about the files of one expert.
pub(super) fn failed(expert: &Expert, source: crate::KnowledgeError) -> PackError {
    PackError::Knowledge {
        expert: expert.name.clone(),
        source,
    }
}

fn show(page: &FileText, left: &mut usize) -> Shown {
    if page.size <= SHORT {
        let whole = Fenced::of(&page.path, &page.text);
        if whole.tokens <= *left {
            *left -= whole.tokens;
            return Shown {
                path: whole.path,
                language: whole.language,
                fence: whole.fence,
                text: whole.text,
                outline: String::new(),
            };
        }
    }
    let outline = details(Worth::Contract, page).join("\n");
    let length = tokens::count(&outline);
    let fits = length <= *left;
    *left -= if fits { length } else { 0 };
    Shown {
        path: name::shown(&page.path).into_owned(),
        outline: if fits { outline } else { String::new() },
        ..Shown::default()
    }
}

/// Declared text without secrets.
pub(super) fn declared(text: &str, left_out: &mut Vec<LeftOut>) -> String {
    let (clean, findings) = redact("flake.nix", text);
    left_out.extend(
        findings
            .iter()
            .map(|found| LeftOut::secret("flake.nix", 0, found.rule, found.line)),
    );
    clean.trim().to_owned()
}
