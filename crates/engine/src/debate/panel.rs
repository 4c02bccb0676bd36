//! Who takes part in a debate: as the flake declares it, or as a person names them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use poag_core::debate::Debater;
use poag_core::expert::{AgentSettings, Expert, Graph, PanelSettings};
use poag_core::suggest::nearest;
use poag_librarian::NAME as LIBRARIAN;
use sha2::{Digest as _, Sha256};

use super::DebateError;

/// Most participants: as many as there are labels.
pub const MAX_PANEL: usize = 16;
/// Longest name of a participant, in characters: it names a file.
const NAME_CHARS: usize = 64;

/// A participant as a person names it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PanelWord {
    /// Its name: one that the flake declares, an expert, or a backend; any where `backend` is given.
    pub name: String,
    /// With what it thinks; none for what its name stands for.
    pub backend: Option<String>,
    /// Its model, in the words of the backend.
    pub model: Option<String>,
}

/// A participant of one debate.
#[derive(Clone, Debug)]
pub(super) struct PanelSeat {
    /// An expert of its name, which says how it thinks.
    pub speaker: Arc<Expert>,
    /// The expert whose knowledge it is given.
    pub base: Arc<Expert>,
    pub debater: Debater,
}

/// Every participant by name.
pub(super) type Panel = BTreeMap<String, PanelSeat>;

/// The panel of a debate that begins with the graph's root: those that a person names, else those that its flake declares.
/// `run` decides which label each has. `backends` are those that this poag holds.
pub(super) fn panel(
    graph: &Graph,
    words: &[PanelWord],
    backends: &[&str],
    run: &str,
) -> Result<Panel, DebateError> {
    let declared = graph.expert(&graph.root).map(|root| &root.panel);
    let declared = declared.cloned().unwrap_or_default();
    let mut settings: BTreeMap<String, PanelSettings> = BTreeMap::new();
    if words.is_empty() {
        settings.clone_from(&declared);
    }
    for word in words {
        let one = named(word, graph, &declared, backends)?;
        if settings.insert(word.name.clone(), one).is_some() {
            return Err(DebateError::Twice(word.name.clone()));
        }
    }
    let found = settings.len();
    if !(2..=MAX_PANEL).contains(&found) {
        let most = MAX_PANEL;
        return Err(DebateError::Panel { found, most });
    }
    let labels = labels(settings.keys(), run);
    let seats = settings.into_iter().map(|(name, one)| {
        let label = labels.get(&name).cloned().unwrap_or_default();
        let seat = seat(&name, one, graph, label)?;
        Ok((name, seat))
    });
    seats.collect()
}

/// The same panel as a debate began with.
pub(super) fn again(
    graph: &Graph,
    start: &poag_core::debate::DebateStart,
) -> Result<Panel, DebateError> {
    let seats = start.panel.iter().map(|(name, debater)| {
        let selection = &start.selection;
        let agent = AgentSettings {
            backend: selection.backends.get(name).cloned(),
            model: selection.models.get(name).cloned(),
            command: selection.commands.get(name).cloned(),
            ..AgentSettings::default()
        };
        let declared = graph
            .expert(&graph.root)
            .and_then(|root| root.panel.get(name));
        // What no selection holds is as it is declared now.
        let agent = match declared.filter(|one| one.agent.backend == agent.backend) {
            Some(one) => AgentSettings {
                backend: agent.backend,
                model: agent.model,
                command: agent.command,
                ..one.agent.clone()
            },
            None => agent,
        };
        let one = PanelSettings {
            agent,
            expert: Some(debater.expert.clone()),
            role: debater.role.clone(),
            capabilities: debater.capabilities.clone(),
            ..PanelSettings::default()
        };
        let seat = seat(name, one, graph, debater.label.clone())?;
        Ok((name.clone(), seat))
    });
    seats.collect()
}

/// The graph with every participant in it as an expert, for what finds backends by the names of experts.
pub(super) fn seated(graph: &Graph, panel: &Panel) -> Arc<Graph> {
    let mut graph = graph.clone();
    for (name, seat) in panel {
        graph
            .experts
            .insert(name.clone(), seat.speaker.as_ref().clone());
    }
    Arc::new(graph)
}

fn named(
    word: &PanelWord,
    graph: &Graph,
    declared: &BTreeMap<String, PanelSettings>,
    backends: &[&str],
) -> Result<PanelSettings, DebateError> {
    let name = &word.name;
    let expert = graph.expert(name);
    let is_backend = |word: &str| backends.contains(&word);
    let Some(backend) = &word.backend else {
        if let Some(one) = declared.get(name) {
            return Ok(one.clone());
        }
        if let Some(expert) = expert {
            return Ok(PanelSettings {
                agent: expert.agent.clone(),
                expert: Some(name.clone()),
                role: Some(expert.role.clone()),
                capabilities: expert.capabilities.clone(),
                ..PanelSettings::default()
            });
        }
        if is_backend(name) {
            return Ok(thinking(name, None));
        }
        return Err(nobody(name, graph, declared, backends));
    };
    if !is_backend(backend) {
        return Err(nobody(backend, graph, &BTreeMap::new(), backends));
    }
    let one = thinking(backend, word.model.clone());
    Ok(match expert {
        Some(expert) => PanelSettings {
            expert: Some(name.clone()),
            role: Some(expert.role.clone()),
            capabilities: expert.capabilities.clone(),
            ..one
        },
        None => one,
    })
}

fn thinking(backend: &str, model: Option<String>) -> PanelSettings {
    PanelSettings {
        agent: AgentSettings {
            backend: Some(backend.to_owned()),
            model,
            ..AgentSettings::default()
        },
        ..PanelSettings::default()
    }
}

fn nobody(
    word: &str,
    graph: &Graph,
    declared: &BTreeMap<String, PanelSettings>,
    backends: &[&str],
) -> DebateError {
    let names = declared.keys().chain(graph.experts.keys());
    let names: BTreeSet<&str> = names.map(String::as_str).collect();
    let useful = backends.iter().copied().filter(|name| *name != LIBRARIAN);
    let known: Vec<&str> = names.into_iter().chain(useful).collect();
    DebateError::Nobody {
        word: word.chars().take(80).collect(),
        close: nearest(word, known.iter().copied()).map(str::to_owned),
        known: known.join(", "),
    }
}

fn seat(
    name: &str,
    one: PanelSettings,
    graph: &Graph,
    label: String,
) -> Result<PanelSeat, DebateError> {
    if !is_name(name) {
        return Err(DebateError::Name(name.chars().take(80).collect()));
    }
    let backend = one.agent.backend.as_deref().unwrap_or(LIBRARIAN);
    if backend == LIBRARIAN {
        return Err(DebateError::NoPosition(name.to_owned()));
    }
    let expert = one.expert.unwrap_or_else(|| graph.root.clone());
    let base = graph.expert(&expert).ok_or_else(|| DebateError::NoExpert {
        name: name.to_owned(),
        expert: expert.clone(),
    })?;
    let speaker = Expert {
        name: name.to_owned(),
        agent: one.agent,
        ..base.clone()
    };
    Ok(PanelSeat {
        speaker: Arc::new(speaker),
        base: Arc::new(base.clone()),
        debater: Debater {
            label,
            expert,
            role: one.role,
            capabilities: one.capabilities,
        },
    })
}

/// Whether a name can be that of a file, as names of experts can.
fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    begins && name.len() <= NAME_CHARS && name.chars().all(fits)
}

/// Name → label, in an order that nobody can tell from the names, and that is another one in each debate.
fn labels<'n>(names: impl Iterator<Item = &'n String>, run: &str) -> BTreeMap<String, String> {
    let key = |name: &String| Sha256::digest(format!("{run}/{name}"));
    let mut names: Vec<&String> = names.collect();
    names.sort_by_cached_key(|name| key(name).to_vec());
    let letters = ('A'..).map(String::from);
    names.into_iter().cloned().zip(letters).collect()
}
