//! One proposal: what a flake's files tell, and the difference that declares it.

use std::path::{Path, PathBuf};

use serde::Serialize;

use poag_core::nix_string::quote;

use super::declaration::Declaration;
use super::error::{InitError, Unfit};
use super::evidence::{self, FieldEvidence, Manifest, Nearby};
use super::flake::FlakeFile;
use super::place::{self, DeclarationShape};
use super::survey::Survey;
use super::{edit, inputs};

/// What is proposed for one flake.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    /// The flake's folder, relative to what was asked for; `.` for that itself.
    pub dir: String,
    /// The flake.nix.
    #[serde(skip)]
    pub file: PathBuf,
    /// What the expert is to be.
    pub declaration: Declaration,
    /// What that rests on.
    pub evidence: Vec<FieldEvidence>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// The text that is there; none where there is no file.
    #[serde(skip)]
    pub before: Option<String>,
    /// What can be done.
    #[serde(flatten)]
    pub outcome: ProposalOutcome,
}

/// What can be done about a flake.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum ProposalOutcome {
    /// It has an expert.
    Already,
    /// It can be edited.
    Edit {
        /// How its outputs are made.
        shape: DeclarationShape,
        /// The unified difference.
        diff: String,
        /// The whole new text.
        #[serde(skip)]
        after: String,
    },
    /// A person must edit it.
    ByHand {
        /// What is in the way.
        reason: String,
        /// What to add where.
        add: Vec<(String, String)>,
    },
}

/// What a proposal starts from.
pub struct Subject<'s> {
    /// The flake's folder, canonical.
    pub folder: &'s Path,
    /// It, relative to what was asked for; empty for that itself.
    pub dir: &'s str,
    /// The folder's own name below the repository's root; empty for the root.
    pub called: &'s str,
    /// Where poag comes from.
    pub url: &'s str,
    /// The flakes around.
    pub nearby: &'s Nearby,
}

/// Reads the files of one flake and proposes its declaration.
///
/// # Errors
/// When flake.nix is no file of its folder, or cannot be read.
pub fn propose(subject: &Subject<'_>) -> Result<Proposal, InitError> {
    let file = subject.folder.join("flake.nix");
    let before = read(&file)?;
    let survey = Survey::of(subject.folder);
    let parsed = before.clone().map(FlakeFile::parse);
    let flake = parsed.as_ref().and_then(|parsed| parsed.as_ref().ok());
    let manifests = Manifest::all(&survey);
    let (name, named) = evidence::named(&survey, &manifests, subject.called);
    let (role, roled) = evidence::role(&survey, flake, &manifests, &name);
    let (provides, provided) = evidence::contracts(&survey, flake, &manifests);
    let spelled = flake.map(FlakeFile::inputs).unwrap_or_default();
    let (neighbors, near, notes) = evidence::neighbors(&survey, &spelled, subject.nearby);
    let declaration = Declaration {
        name,
        role,
        provides,
        neighbors,
    };
    let mut all = vec![named, roled];
    all.extend(provided);
    all.extend(near);
    let outcome = match &parsed {
        None => new(subject, &declaration),
        Some(Err(unfit)) => by_hand(subject, &declaration, unfit.clone()),
        Some(Ok(flake)) if flake.declared().is_some() => ProposalOutcome::Already,
        Some(Ok(flake)) => match edited(subject, &survey, flake, &declaration) {
            Ok(outcome) => outcome,
            Err(unfit) => by_hand(subject, &declaration, unfit),
        },
    };
    Ok(Proposal {
        dir: if subject.dir.is_empty() {
            ".".into()
        } else {
            subject.dir.into()
        },
        file,
        declaration,
        evidence: all,
        notes,
        before,
        outcome,
    })
}

/// The text of a flake.nix that is a regular file.
fn read(file: &Path) -> Result<Option<String>, InitError> {
    let fail = |source| InitError::File {
        path: file.to_owned(),
        source,
    };
    match std::fs::symlink_metadata(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fail(error)),
        Ok(found) if !found.is_file() => Err(InitError::Outside(file.to_owned())),
        Ok(_) => std::fs::read_to_string(file).map(Some).map_err(fail),
    }
}

fn edited(
    subject: &Subject<'_>,
    survey: &Survey,
    flake: &FlakeFile,
    declaration: &Declaration,
) -> Result<ProposalOutcome, Unfit> {
    let there = flake.inputs();
    let url = there.get("poag").and_then(|input| input.url.as_deref());
    let relative = is_relative(url.unwrap_or(subject.url));
    let read = |path: &str| survey.text(path);
    let (shape, mut edits) = place::edits(flake, declaration, relative, &read)?;
    let following: Vec<&str> = declaration
        .neighbors
        .values()
        .map(|one| one.input.as_str())
        .collect();
    edits.extend(inputs::edit(flake, subject.url, &following));
    let after = edit::apply(&flake.text, edits);
    // What was read and what comes out are both looked at by the same eyes.
    let again = FlakeFile::parse(after.clone())
        .map_err(|error| Unfit::new(format!("the edit would not be Nix ({error})")))?;
    if again.declared().is_none() || !again.inputs().contains_key("poag") {
        return Err(Unfit::new("the edit would not declare what it should"));
    }
    let diff = edit::difference(&name_of(subject), Some(&flake.text), &after);
    Ok(ProposalOutcome::Edit { shape, diff, after })
}

fn name_of(subject: &Subject<'_>) -> String {
    match subject.dir {
        "" => "flake.nix".into(),
        dir => format!("{dir}/flake.nix"),
    }
}

fn is_relative(url: &str) -> bool {
    let path = url.strip_prefix("path:").unwrap_or(url);
    path.starts_with('.')
}

fn new(subject: &Subject<'_>, declaration: &Declaration) -> ProposalOutcome {
    let described = declaration
        .role
        .split_once(": ")
        .map_or(declaration.role.as_str(), |(_, said)| said);
    let lines = declaration.lines("");
    let lines = lines.iter().map(|line| edit::indented(line, "      "));
    let call = format!(
        "poag.lib.mkPoagFlake {{\n{}\n\n      # What else this flake has: packages, checks, …\n      outputs = {{ }};\n    }}",
        lines.collect::<Vec<_>>().join("\n")
    );
    let outputs = match is_relative(subject.url) {
        true => format!("{{\n      inherit ({call}) poag checks apps;\n    }}"),
        false => call,
    };
    let after = format!(
        "{{\n  description = {};\n\n  inputs.poag.url = {};\n\n  outputs =\n    {{ poag, ... }}:\n    {outputs};\n}}\n",
        quote(described),
        quote(subject.url),
    );
    ProposalOutcome::Edit {
        shape: DeclarationShape::New,
        diff: edit::difference(&name_of(subject), None, &after),
        after,
    }
}

fn by_hand(subject: &Subject<'_>, declaration: &Declaration, mut unfit: Unfit) -> ProposalOutcome {
    let file = name_of(subject);
    let lines = declaration.lines("");
    let lines = lines.iter().map(|line| edit::indented(line, "  "));
    let call = format!(
        "poag.lib.mkPoagFlake {{\n{}\n  outputs = …; # what the outputs are now\n}}",
        lines.collect::<Vec<_>>().join("\n")
    );
    unfit.add.push((
        format!("in {file}, among the inputs"),
        format!("poag.url = {};", quote(subject.url)),
    ));
    unfit
        .add
        .push((format!("in {file}, around what `outputs` gives"), call));
    ProposalOutcome::ByHand {
        reason: unfit.reason,
        add: unfit.add,
    }
}
