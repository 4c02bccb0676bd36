//! One proposal: what a flake's files tell, and the difference that declares it.

mod adopt;
mod fresh;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::declaration::Declaration;
use super::error::InitError;
use super::evidence::{self, FieldEvidence, Manifest, Nearby};
use super::flake::FlakeFile;
use super::packages::{self, PackageDrafts};
use super::place::DeclarationShape;
use super::survey::Survey;
use super::workspace::Workspace;

/// What is proposed for one flake.
#[derive(Clone, Debug, Serialize)]
pub struct Proposal {
    /// The flake's folder, relative to what was asked for; `.` for that itself.
    pub dir: String,
    /// The flake's folder on this machine.
    #[serde(skip)]
    pub folder: PathBuf,
    /// What the expert is to be.
    pub declaration: Declaration,
    /// What that rests on.
    pub evidence: Vec<FieldEvidence>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// What can be done.
    #[serde(flatten)]
    pub outcome: ProposalOutcome,
}

/// One file of a proposal.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct FileEdit {
    /// Its name in the flake's folder: `flake.nix`, `poag.nix`.
    pub name: &'static str,
    /// The text that is there; none where there is no file.
    #[serde(skip)]
    pub before: Option<String>,
    /// The whole new text.
    #[serde(skip)]
    pub after: String,
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
        /// The files that change.
        files: Vec<FileEdit>,
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
    /// The folder of its code, canonical: that one, or one above it.
    pub source: &'s Path,
    /// It, relative to what was asked for; empty for that itself.
    pub dir: &'s str,
    /// The source folder's own name below the repository's root; empty for the root.
    pub called: &'s str,
    /// Where poag comes from.
    pub url: &'s str,
    /// The flakes around.
    pub nearby: &'s Nearby,
    /// Whether the declaration stands in flake.nix itself, and not in a poag.nix beside it.
    pub inline: bool,
    /// The folders of the packages that get an expert of their own, relative to the source.
    pub packages: &'s BTreeSet<String>,
}

/// Reads the files of one flake and proposes its declaration.
///
/// # Errors
/// When flake.nix is no file of its folder, or cannot be read.
pub fn propose(subject: &Subject<'_>) -> Result<Proposal, InitError> {
    let before = read(&subject.folder.join("flake.nix"))?;
    let own = read(&subject.folder.join("poag.nix"))?;
    let survey = Survey::of(subject.source);
    let parsed = before.clone().map(FlakeFile::parse);
    let flake = parsed.as_ref().and_then(|parsed| parsed.as_ref().ok());
    let (declaration, evidence, mut notes) = declaration(subject, &survey, flake);
    let outcome = match &parsed {
        None => fresh::outcome(subject, &declaration, own),
        Some(Err(unfit)) => adopt::by_hand(subject, &declaration, unfit.clone(), own),
        Some(Ok(flake)) if flake.declared().is_some() => ProposalOutcome::Already,
        Some(Ok(flake)) => {
            let outcome = adopt::outcome(subject, &survey, flake, &declaration, own.clone());
            let found = outcome.map(|(outcome, more)| {
                notes.extend(more);
                outcome
            });
            found.unwrap_or_else(|unfit| adopt::by_hand(subject, &declaration, unfit, own))
        }
    };
    Ok(Proposal {
        dir: if subject.dir.is_empty() {
            ".".into()
        } else {
            subject.dir.into()
        },
        folder: subject.folder.to_owned(),
        declaration,
        evidence,
        notes,
        outcome,
    })
}

/// What the expert is to be, what that rests on, and what a person should know.
fn declaration(
    subject: &Subject<'_>,
    survey: &Survey,
    flake: Option<&FlakeFile>,
) -> (Declaration, Vec<FieldEvidence>, Vec<String>) {
    let workspace = Workspace::of(survey);
    let drafts = match subject.packages.is_empty() {
        true => PackageDrafts::default(),
        false => packages::drafts(survey, &workspace, subject.packages),
    };
    let mut own = survey.clone();
    own.files.retain(|file| {
        let inside = |dir: &String| file.starts_with(&format!("{dir}/"));
        !subject.packages.iter().any(inside)
    });
    let manifests = Manifest::all(&own);
    let (mut name, named) = evidence::named(&own, &manifests, subject.called);
    if drafts.experts.contains_key(&name) {
        name.push_str("-workspace");
    }
    let (role, roled) = evidence::role(&own, flake, &manifests, &name);
    let (provides, provided) = evidence::contracts(&own, flake, &manifests, &[]);
    let spelled = flake.map(FlakeFile::inputs).unwrap_or_default();
    let (mut neighbors, near, mut notes) = evidence::neighbors(&own, &spelled, subject.nearby);
    neighbors.extend(drafts.of_root);
    notes.extend(drafts.notes);
    let builds = provides.contains_key("packages") || flake.is_some_and(evidence::has_checks);
    let declaration = Declaration {
        name,
        src: source(subject),
        role,
        provides,
        neighbors,
        checks: evidence::checks::of_root(&own, workspace.packages.get(""), builds),
        experts: drafts.experts,
    };
    let mut all = vec![named, roled];
    all.extend(provided);
    all.extend(near);
    all.extend(drafts.evidence);
    (declaration, all, notes)
}

/// The folder of the code, seen from the flake's, as Nix writes it.
fn source(subject: &Subject<'_>) -> String {
    let below = subject.folder.strip_prefix(subject.source).ok();
    match below.map_or(0, |below| below.components().count()) {
        0 => "./.".into(),
        up => format!("{}/.", vec![".."; up].join("/")),
    }
}

/// The text of a file that is a regular one; none where there is none.
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

/// A file of the flake, seen from what was asked for.
fn path_of(subject: &Subject<'_>, name: &str) -> String {
    match subject.dir {
        "" => name.into(),
        dir => format!("{dir}/{name}"),
    }
}

fn is_relative(url: &str) -> bool {
    let path = url.strip_prefix("path:").unwrap_or(url);
    path.starts_with('.')
}

/// The poag.nix of a declaration; one that is there is kept as it is.
fn own_file(declaration: &Declaration, there: Option<String>) -> Option<FileEdit> {
    there.is_none().then(|| FileEdit {
        name: "poag.nix",
        before: None,
        after: declaration.file(),
    })
}

/// The unified difference of all files.
fn difference(subject: &Subject<'_>, files: &[FileEdit]) -> String {
    let each = files.iter().map(|file| {
        let before = file
            .before
            .as_deref()
            .map(|text| text.replace("\r\n", "\n"));
        let after = file.after.replace("\r\n", "\n");
        super::edit::difference(&path_of(subject, file.name), before.as_deref(), &after)
    });
    each.collect()
}
