//! `poag export`: what an expert knows, as a file for agents that do not ask.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::check::in_ci;
use super::context::find;
use super::global::Global;
use super::learn::folder;
use super::pack::read_graph;
use super::{Context, style};
use crate::engine::inside::{self, Permissions};
use crate::error::{Error, exit};
use crate::expert::{Expert, Graph};
use crate::export::{Difference, Facts, Form, compare, is_name, render};
use crate::git;
use crate::terminal;

/// Bytes of a file that is there; what poag writes is far smaller.
const MOST: u64 = 16 << 20;

const EXAMPLES: &str = "\
Examples:
  poag export agents-md                          prints it
  poag export agents-md --output AGENTS.md       writes it
  poag export                                    writes all `exports` that the flake declares
  poag export --check                            tells whether they are right (exit code 3 when not)

A file that a person wrote or edited is left alone, unless --force is given. `exports` of mkPoagFlake also
makes `nix flake check` compare them.";

/// Writes what an expert knows as AGENTS.md, SKILL.md or llms.txt
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Export {
    /// The form [default: every file that the flake declares in `exports`]
    #[arg(value_name = "FORM")]
    form: Option<Form>,
    /// The expert [default: the flake's own]
    #[arg(value_name = "EXPERT")]
    expert: Option<String>,
    /// Write it to this file instead of standard output; a skill to SKILL.md in a folder of its name
    #[arg(long, short, value_name = "FILE", requires = "form")]
    output: Option<PathBuf>,
    /// Write nothing, and tell what differs (exit code 3 when anything does)
    #[arg(long)]
    check: bool,
    /// Write over what a person wrote
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// Take the graph from this file and start no nix
    #[arg(long, value_name = "FILE", hide = true, requires = "check")]
    graph: Option<PathBuf>,
    /// JSON with the text of every declared file, or null
    #[arg(long, value_name = "FILE", hide = true, requires = "graph")]
    found: Option<PathBuf>,
    /// Written when nothing differs
    #[arg(long, value_name = "FILE", hide = true, requires = "graph")]
    stamp: Option<PathBuf>,
}

/// One file that is written or compared.
struct Item {
    /// As it is told.
    name: String,
    form: Form,
    /// Its place, and what is there now; without a place it is compared only.
    place: Option<PathBuf>,
    found: Option<String>,
}

/// Runs the verb.
pub async fn run(args: Export, global: Global) -> Result<u8, Error> {
    let quiet = global.quiet;
    if let Some(file) = &args.graph {
        let graph = read_graph(file)?;
        let expert = find(&graph, args.expert.as_deref().unwrap_or(&graph.root))?;
        let items = given(&args, expert)?;
        let code = check(&graph, expert, &items, &repair(&args, expert))?;
        if let (exit::OK, Some(stamp)) = (code, &args.stamp) {
            let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
            write(stamp, &(names.join("\n") + "\n"))?;
        }
        return Ok(code);
    }
    let no_cache = global.no_cache || args.check && in_ci();
    let context = Context::new(Global { no_cache, ..global }, None)?;
    let graph = context.evaluate().await?.graph;
    let expert = find(&graph, args.expert.as_deref().unwrap_or(&graph.root))?;
    let items = match (args.form, &args.output) {
        (Some(form), Some(file)) => vec![Item {
            name: file.display().to_string(),
            form,
            found: read(file)?,
            place: Some(file.clone()),
        }],
        (Some(form), None) if args.check => {
            return Err(Error::Usage(format!(
                "what should be compared is not named\nrepair: poag export {} --check --output FILE",
                form.name()
            )));
        }
        (Some(form), None) => {
            let text = render(form, &Facts::of(&graph, expert)?, "");
            terminal::document(&text)?;
            return Ok(exit::OK);
        }
        (None, _) => declared(&folder(&context.flake, expert)?, expert)?,
    };
    if args.check {
        return check(&graph, expert, &items, &repair(&args, expert));
    }
    let facts = Facts::of(&graph, expert)?;
    for item in &items {
        put(item, &facts, &args, expert, quiet)?;
    }
    Ok(exit::OK)
}

/// The declared exports in the flake's folder.
fn declared(folder: &Path, expert: &Expert) -> Result<Vec<Item>, Error> {
    let items = forms(expert)?.into_iter().map(|(name, form)| {
        let place = folder.join(&name);
        Ok(Item {
            found: read(&place)?,
            place: Some(place),
            name,
            form,
        })
    });
    items.collect()
}

/// The declared exports with the texts that a file holds.
fn given(args: &Export, expert: &Expert) -> Result<Vec<Item>, Error> {
    let mut found = BTreeMap::new();
    if let Some(file) = &args.found {
        let json = fs::read(file).map_err(|source| failed(file, source))?;
        let texts: BTreeMap<String, Option<String>> =
            serde_json::from_slice(&json).map_err(std::io::Error::from)?;
        found = texts;
    }
    let items = forms(expert)?.into_iter().map(|(name, form)| Item {
        found: found.get(&name).cloned().flatten(),
        place: None,
        name,
        form,
    });
    Ok(items.collect())
}

fn forms(expert: &Expert) -> Result<Vec<(String, Form)>, Error> {
    if expert.exports.is_empty() {
        return Err(Error::Usage(format!(
            "the flake of {} declares no exports\nrepair: name a form (`poag export agents-md`), or declare `exports.\"AGENTS.md\" = \"agents-md\";`",
            expert.name
        )));
    }
    let form = |(name, form): (&String, &String)| match Form::of(form) {
        Some(form) => Ok((name.clone(), form)),
        None => Err(Error::Usage(format!(
            "this poag knows no form '{form}' ({name})\nrepair: run the poag of the flake itself (`nix run .#poag`)"
        ))),
    };
    expert.exports.iter().map(form).collect()
}

fn wanted(item: &Item, facts: &Facts) -> Result<String, Error> {
    let skill = match item.form {
        Form::Skill => skill(item)?,
        _ => String::new(),
    };
    Ok(render(item.form, facts, &skill))
}

/// The name of a skill: that of the folder its file is in.
fn skill(item: &Item) -> Result<String, Error> {
    let path = item
        .place
        .clone()
        .unwrap_or_else(|| PathBuf::from(&item.name));
    let path = std::path::absolute(&path).unwrap_or(path);
    let folder = path.parent().and_then(Path::file_name);
    let folder = folder.map(|name| name.to_string_lossy().into_owned());
    match folder {
        Some(folder)
            if path.file_name().is_some_and(|name| name == "SKILL.md") && is_name(&folder) =>
        {
            Ok(folder)
        }
        _ => Err(Error::Usage(format!(
            "{} can be no skill: it is a file SKILL.md in a folder of its name, in lower case with hyphens\nrepair: write it to, for instance, .agents/skills/hello-py/SKILL.md",
            item.name
        ))),
    }
}

fn check(graph: &Graph, expert: &Expert, items: &[Item], repair: &str) -> Result<u8, Error> {
    let facts = Facts::of(graph, expert)?;
    let mut told = String::new();
    let mut force = "";
    for item in items {
        if let Some(difference) = compare(item.found.as_deref(), &wanted(item, &facts)?) {
            let _ = writeln!(told, "{}", difference.tell(&item.name, &expert.name));
            if difference.is_of_a_person() {
                force = " --force";
            }
        }
    }
    if told.is_empty() {
        let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        let says = if names.len() == 1 { "says" } else { "say" };
        let expert = style::bold(&expert.name);
        terminal::people(&format!(
            "{} {says} what {expert} knows\n",
            names.join(", ")
        ))?;
        return Ok(exit::OK);
    }
    let _ = writeln!(told, "repair: {repair}{force}");
    terminal::people(&told)?;
    Ok(exit::STALE)
}

/// The command that writes what was compared.
fn repair(args: &Export, expert: &Expert) -> String {
    match (args.form, &args.output) {
        (Some(form), Some(file)) => {
            let file = shell_words::quote(&file.to_string_lossy()).into_owned();
            format!(
                "poag export {} {} --output {file}",
                form.name(),
                expert.name
            )
        }
        _ if expert.dir().is_empty() => "nix run .#poag -- export".to_owned(),
        _ => {
            let flake = format!("./{}#poag", expert.dir());
            // As the check of freshness writes it; `#` within a word begins no comment.
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"_./#-".contains(&b);
            match flake.bytes().all(plain) {
                true => format!("nix run {flake} -- export"),
                false => format!("nix run {} -- export", shell_words::quote(&flake)),
            }
        }
    }
}

/// Writes one file, whole or not at all.
fn put(
    item: &Item,
    facts: &Facts,
    args: &Export,
    expert: &Expert,
    quiet: bool,
) -> Result<(), Error> {
    let text = wanted(item, facts)?;
    let Some(place) = &item.place else {
        return Ok(());
    };
    let said = match compare(item.found.as_deref(), &text) {
        None => "is right already",
        Some(difference) if difference.is_of_a_person() && !args.force => {
            let told = match difference {
                Difference::Foreign => "was written by hand, not by poag",
                _ => "was edited by hand since poag wrote it",
            };
            return Err(Error::Usage(format!(
                "{} {told}; it is left alone\nrepair: keep what it says in the role or the documents of the flake, then {} --force",
                item.name,
                repair(args, expert)
            )));
        }
        Some(_) => {
            write(place, &text)?;
            git::intend_to_add(&[place.to_owned()]);
            "is written"
        }
    };
    if !quiet {
        terminal::note(&style::dim(format!("poag: {} {said}", item.name)));
    }
    Ok(())
}

/// The text that is there; none where nothing is.
fn read(file: &Path) -> Result<Option<String>, Error> {
    let bytes = inside::read_named(file, MOST)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    Ok(inside::write_named(
        file,
        text.as_bytes(),
        Permissions::Kept,
    )?)
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.into(),
        source,
    }
}
