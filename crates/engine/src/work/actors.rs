//! Who can take the tasks of a work.

use poag_core::expert::{ActorSettings, Graph};
use poag_core::suggest::nearest;
use poag_core::work::{Actor, Task};

use super::{StartRequest, WorkError};
use crate::{Consent, DEFAULT_BACKEND};

/// Who can do these tasks, the first that there is for each: whom the person chose for it; those who decided what is to be
/// done, where they can; those that the flake declares; the agent of its expert; one for each backend that is installed.
///
/// # Errors
/// When there is nobody, or one of them cannot be used.
pub(super) fn actors(
    graph: &Graph,
    (tasks, participants): (&[Task], Vec<Actor>),
    (request, consent): (&StartRequest, &Consent),
    parallel: u32,
) -> Result<Vec<Actor>, WorkError> {
    let mut actors: Vec<Actor> = Vec::new();
    let mut left = Vec::new();
    for task in tasks {
        match chosen(request, consent, &task.expert) {
            Some(backend) => {
                writes(backend)?;
                let command = consent.given(&task.expert, backend).cloned();
                add(&mut actors, &task.expert, (backend, command), parallel);
            }
            None => left.push(task),
        }
    }
    if left.is_empty() {
        return Ok(actors);
    }
    if !participants.is_empty() {
        for one in &participants {
            writes(&one.backend)?;
            let command = one.command.as_ref();
            if let Some(command) = command.filter(|command| !consent.allows(command)) {
                return Err(not_allowed(&one.name, command));
            }
        }
        let chosen: Vec<String> = actors.iter().map(|actor| actor.name.clone()).collect();
        let others = participants.into_iter();
        actors.extend(others.filter(|one| !chosen.contains(&one.name)));
        return Ok(actors);
    }
    let root = graph.expert(&graph.root).map(|root| &root.work);
    let declared = root.into_iter().flat_map(|work| &work.actors);
    let chosen: Vec<String> = actors.iter().map(|actor| actor.name.clone()).collect();
    let declared: Vec<Actor> = declared
        .filter(|(name, _)| !chosen.contains(name))
        .map(|(name, settings)| declare(graph, name, settings, consent))
        .collect::<Result<_, _>>()?;
    if !declared.is_empty() {
        actors.extend(declared);
        return Ok(actors);
    }
    let mut without = None;
    for task in left {
        let agent = graph.expert(&task.expert).map(|expert| &expert.agent);
        let backend = agent.and_then(|agent| agent.backend.as_deref());
        let Some(backend) = backend.filter(|backend| *backend != DEFAULT_BACKEND) else {
            without = without.or(Some(task.expert.as_str()));
            continue;
        };
        writes(backend)?;
        let command = agent.and_then(|agent| agent.command.as_ref());
        if let Some(command) = command.filter(|command| !consent.allows(command)) {
            return Err(not_allowed(&task.expert, command));
        }
        add(
            &mut actors,
            &task.expert,
            (backend, command.cloned()),
            parallel,
        );
    }
    let Some(without) = without else {
        return Ok(actors);
    };
    for backend in &request.installed {
        if !actors.iter().any(|actor| actor.name == *backend) {
            actors.push(Actor {
                capacity: parallel,
                ..Actor::of(backend)
            });
        }
    }
    match actors.is_empty() {
        true => Err(WorkError::NoActor {
            why: format!(
                "the flake declares no actors, that of '{without}' no agent that writes, and none is installed here"
            ),
        }),
        false => Ok(actors),
    }
}

/// The backend that the person chose for an expert.
fn chosen<'r>(request: &'r StartRequest, consent: &Consent, expert: &str) -> Option<&'r str> {
    let choice = &request.backends;
    let named = choice.experts.get(expert).or(choice.all.as_ref());
    let by_command = consent.command.is_some() || consent.experts.contains_key(expert);
    named
        .map(String::as_str)
        .or(by_command.then_some(poag_agent::command::NAME))
}

fn writes(backend: &str) -> Result<(), WorkError> {
    let known = poag_agent::backends::NAMES;
    if backend != DEFAULT_BACKEND && known.contains(&backend) {
        return Ok(());
    }
    let close = nearest(backend, known.iter().copied());
    let close = close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
    let why = format!("there is no backend '{backend}' that writes{close}");
    Err(WorkError::NoActor { why })
}

/// Lets an actor of this backend and command work for an expert.
fn add(
    actors: &mut Vec<Actor>,
    expert: &str,
    (backend, command): (&str, Option<Vec<String>>),
    parallel: u32,
) {
    let same = |actor: &&mut Actor| actor.backend == backend && actor.command == command;
    if let Some(actor) = actors.iter_mut().find(same) {
        actor.experts.insert(expert.to_owned());
        return;
    }
    // The second program on one backend has the expert's name, too.
    let taken = actors.iter().any(|actor| actor.name == backend);
    let name = match taken {
        true => format!("{backend}-{expert}"),
        false => backend.to_owned(),
    };
    actors.push(Actor {
        name,
        command,
        capacity: parallel,
        experts: [expert.to_owned()].into(),
        ..Actor::of(backend)
    });
}

/// An actor as the flake declares it.
fn declare(
    graph: &Graph,
    name: &str,
    settings: &ActorSettings,
    consent: &Consent,
) -> Result<Actor, WorkError> {
    writes(&settings.backend)?;
    if let Some(command) = settings
        .command
        .as_ref()
        .filter(|command| !consent.allows(command))
    {
        return Err(not_allowed(name, command));
    }
    let experts = settings.experts.clone().unwrap_or_default();
    if let Some(expert) = experts.iter().find(|expert| graph.expert(expert).is_none()) {
        let names = graph.experts.keys().map(String::as_str);
        let close = nearest(expert, names);
        let close = close.map_or_else(String::new, |name| format!("; did you mean '{name}'?"));
        let why = format!("actor '{name}' is for expert '{expert}', which is not there{close}");
        return Err(WorkError::NoActor { why });
    }
    let any = Actor::of(&settings.backend);
    Ok(Actor {
        name: name.to_owned(),
        model: settings.model.clone(),
        command: settings.command.clone(),
        skills: settings.skills.clone().unwrap_or(any.skills.clone()),
        context_tokens: settings.context_tokens,
        capacity: settings.capacity.unwrap_or(any.capacity).max(1),
        experts,
        ..any
    })
}

fn not_allowed(of: &str, command: &[String]) -> WorkError {
    WorkError::NotAllowed {
        of: of.to_owned(),
        line: shell_words::join(command),
    }
}

/// Who reviews, where it is another than who writes.
pub(super) fn reviewers(request: &StartRequest) -> Vec<Actor> {
    let command = request.review_command.clone();
    command
        .map(|command| Actor {
            name: "reviewer".into(),
            command: Some(command),
            ..Actor::of(poag_agent::command::NAME)
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use poag_core::testing::{flake, graph};
    use poag_core::work::TaskId;

    use super::*;
    use crate::BackendChoice;
    use crate::work::{PolicyChange, WorkSource};

    fn request(agents: &[&str], installed: &[&str]) -> StartRequest {
        StartRequest {
            source: WorkSource::Run(None),
            backends: BackendChoice::of(agents.iter().copied()),
            review_command: None,
            base: None,
            policy: PolicyChange::default(),
            yes: false,
            notify: Vec::new(),
            installed: installed.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    fn tasks(experts: &[&str]) -> Vec<Task> {
        let task = |name: &&str| Task::new(TaskId::near(name), name, "title", "prompt");
        experts.iter().map(task).collect()
    }

    fn names(actors: Result<Vec<Actor>, WorkError>) -> Vec<String> {
        let actors = actors.unwrap().into_iter();
        actors
            .map(|actor| {
                let experts: Vec<String> = actor.experts.into_iter().collect();
                format!("{}({})", actor.name, experts.join(","))
            })
            .collect()
    }

    fn settings(json: serde_json::Value) -> ActorSettings {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_person_chooses_before_the_flake_and_the_flake_before_what_is_installed() {
        let mut graph = graph(vec![flake("app", &["lib"]), flake("lib", &[])]);
        let tasks = tasks(&["app", "lib"]);
        let none = Consent::default();
        let with = |graph: &Graph, request: &StartRequest, consent: &Consent| {
            actors(graph, (&tasks, Vec::new()), (request, consent), 3)
        };
        let here = request(&[], &["claude-code", "codex"]);
        assert_eq!(
            names(with(&graph, &here, &none)),
            ["claude-code()", "codex()"]
        );
        let why = with(&graph, &request(&[], &[]), &none).unwrap_err();
        assert!(why.to_string().contains("none is installed here"), "{why}");

        let agent = |graph: &mut Graph, name: &str, backend: &str| {
            let expert = graph.experts.get_mut(name).unwrap();
            expert.agent.backend = Some(backend.to_owned());
        };
        agent(&mut graph, "lib", "gemini");
        agent(&mut graph, "app", "gemini");
        assert_eq!(names(with(&graph, &here, &none)), ["gemini(app,lib)"]);

        let root = graph.root.clone();
        let root = &mut graph.experts.get_mut(&root).unwrap().work.actors;
        let quick = serde_json::json!({"backend": "codex", "skills": ["docs"], "capacity": 2});
        root.insert("quick".into(), settings(quick));
        let found = with(&graph, &here, &none).unwrap();
        assert_eq!((found.len(), found[0].capacity), (1, 2));
        assert!(found[0].skills.contains("docs") && !found[0].skills.contains("*"));

        let choice = request(&["lib=claude-code"], &[]);
        assert_eq!(
            names(with(&graph, &choice, &none)),
            ["claude-code(lib)", "quick()"]
        );
        let all = Consent {
            command: Some(vec!["do-it".into()]),
            ..Consent::default()
        };
        assert_eq!(names(with(&graph, &here, &all)), ["command(app,lib)"]);
    }

    #[test]
    fn what_a_flake_wants_started_is_started_only_where_a_person_allows_it() {
        let mut graph = graph(vec![flake("app", &[])]);
        let tasks = tasks(&["app"]);
        let own = serde_json::json!({"backend": "command", "command": ["sh", "-c", "rm *"]});
        let actors_of = |graph: &mut Graph| {
            let root = graph.root.clone();
            let own = settings(own.clone());
            let work = &mut graph.experts.get_mut(&root).unwrap().work;
            work.actors.insert("own".into(), own);
        };
        actors_of(&mut graph);
        let with = |graph: &Graph, consent: &Consent| {
            actors(
                graph,
                (&tasks, Vec::new()),
                (&request(&[], &[]), consent),
                1,
            )
        };
        let refused = with(&graph, &Consent::default()).unwrap_err().to_string();
        assert!(
            refused.contains("which nobody allowed: sh -c 'rm *'"),
            "{refused}"
        );
        assert!(refused.contains("--allow-command"), "{refused}");
        let allowed = Consent {
            allowed: vec![vec!["sh".into(), "-c".into(), "rm *".into()]],
            ..Consent::default()
        };
        assert_eq!(names(with(&graph, &allowed)), ["own()"]);
    }

    #[test]
    fn an_actor_for_nobody_is_refused_with_the_nearest_name() {
        let mut graph = graph(vec![flake("app", &[])]);
        let root = graph.root.clone();
        let work = &mut graph.experts.get_mut(&root).unwrap().work;
        let quick = serde_json::json!({"backend": "codex", "experts": ["apq"]});
        work.actors.insert("quick".into(), settings(quick));
        let refused = actors(
            &graph,
            (&tasks(&["app"]), Vec::new()),
            (&request(&[], &[]), &Consent::default()),
            1,
        );
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("did you mean 'app'?"), "{refused}");
    }
}
