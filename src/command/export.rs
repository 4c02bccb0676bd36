//! `poag export`: what an expert knows, as a file for agents that do not ask.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::check::in_ci;
use super::context::{engine, open};
use super::global::Global;
use super::style;
use crate::engine::{EngineError, ExportFile, Exported, facts, find, read_graph};
use crate::error::{Error, exit};
use crate::expert::Expert;
use crate::export::{Difference, Facts, Form, render};
use crate::terminal;

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
pub struct ExportArgs {
    /// The form [default: every file that the flake declares in `exports`]
    #[arg(value_name = "FORM")]
    form: Option<FormName>,
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

/// A form by its name on the command line.
#[derive(Clone, Copy, Debug)]
struct FormName(Form);

impl ValueEnum for FormName {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [FormName; Form::ALL.len()] = [
            FormName(Form::ALL[0]),
            FormName(Form::ALL[1]),
            FormName(Form::ALL[2]),
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()).help(self.0.purpose()))
    }
}

/// Runs the verb.
pub async fn run(args: ExportArgs, global: Global) -> Result<u8, Error> {
    if let Some(file) = &args.graph {
        return check_given(&args, file, &global);
    }
    let no_cache = global.no_cache || args.check && in_ci();
    let quiet = global.quiet;
    let project = open(&Global { no_cache, ..global }).await?;
    let expert = project.expert(args.expert.as_deref())?;
    let files = match (args.form.map(|form| form.0), &args.output) {
        (Some(form), Some(file)) => {
            let place = project.engine.settings().folder.join(file);
            let name = file.display().to_string();
            vec![ExportFile::at(place, name, form)?]
        }
        (Some(form), None) if args.check => {
            return Err(Error::Usage(format!(
                "what should be compared is not named\nrepair: poag export {} --check --output FILE",
                form.name()
            )));
        }
        (Some(form), None) => {
            terminal::document(&render(form, &facts(&project.graph, expert)?, ""))?;
            return Ok(exit::OK);
        }
        (None, _) => project.exports(expert)?,
    };
    let facts = facts(&project.graph, expert)?;
    if args.check {
        return check(&facts, &files, expert, &repair(&args, expert));
    }
    for file in &files {
        let said = match file.write(&facts, args.force)? {
            Exported::Already => "is right already",
            Exported::Written => "is written",
            Exported::Kept(difference) => {
                let repair = repair(&args, expert);
                return Err(kept(&file.name, &difference, &repair));
            }
        };
        if !quiet {
            terminal::note(&style::dim(format!("poag: {} {said}", file.name)));
        }
    }
    Ok(exit::OK)
}

/// Compares what was found with a graph, both from files, and starts no nix.
fn check_given(args: &ExportArgs, graph: &Path, global: &Global) -> Result<u8, Error> {
    let graph = read_graph(graph)?;
    let expert = find(&graph, args.expert.as_deref().unwrap_or(&graph.root))?;
    let mut found = BTreeMap::new();
    if let Some(file) = &args.found {
        let json = fs::read(file).map_err(EngineError::file(file))?;
        found = serde_json::from_slice(&json).map_err(std::io::Error::from)?;
    }
    let files = ExportFile::given(expert, &found)?;
    let facts = facts(&graph, expert)?;
    let code = check(&facts, &files, expert, &repair(args, expert))?;
    if let (exit::OK, Some(stamp)) = (code, &args.stamp) {
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        engine(global)?.write(stamp, &(names.join("\n") + "\n"))?;
    }
    Ok(code)
}

fn check(facts: &Facts, files: &[ExportFile], expert: &Expert, repair: &str) -> Result<u8, Error> {
    let mut told = String::new();
    let mut force = "";
    for file in files {
        if let Some(difference) = file.compare(facts)? {
            let _ = writeln!(told, "{}", difference.tell(&file.name, &expert.name));
            if difference.is_of_a_person() {
                force = " --force";
            }
        }
    }
    if told.is_empty() {
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
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
fn repair(args: &ExportArgs, expert: &Expert) -> String {
    match (args.form.map(|form| form.0), &args.output) {
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

/// The error of a file that a person wrote or edited.
fn kept(name: &str, difference: &Difference, repair: &str) -> Error {
    let told = match difference {
        Difference::Foreign => "was written by hand, not by poag",
        _ => "was edited by hand since poag wrote it",
    };
    Error::Usage(format!(
        "{name} {told}; it is left alone\nrepair: keep what it says in the role or the documents of the flake, then {repair} --force"
    ))
}
