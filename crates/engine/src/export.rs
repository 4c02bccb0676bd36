//! What an expert knows as files for agents that do not ask: written, and compared with what is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::inside::{self, Permissions};
use super::{EngineError, Project};
use poag_core::expert::{Expert, Graph};
use poag_knowledge::export::{Difference, Facts, Form, compare, is_name, render};

/// Bytes of a file that is there; what poag writes is far smaller.
const MOST: u64 = 16 << 20;

/// One file that is written or compared.
#[derive(Clone, Debug)]
pub struct ExportFile {
    /// As a person calls it.
    pub name: String,
    /// Its form.
    pub form: Form,
    /// Its absolute path; without one it is compared only.
    pub place: Option<PathBuf>,
    /// Its text as it is now; none where there is no such file.
    pub found: Option<String>,
}

/// What became of an export.
#[derive(Debug)]
pub enum Exported {
    /// It says what the expert knows already.
    Already,
    /// It is written.
    Written,
    /// A person wrote or edited it, and it is left alone.
    Kept(Difference),
}

impl Project {
    /// The files that the flake of an expert of this repository declares.
    ///
    /// # Errors
    /// When it declares none or one of an unknown form, is of another repository, or a file cannot be read.
    pub fn exports(&self, expert: &Expert) -> Result<Vec<ExportFile>, EngineError> {
        let folder = self.folder(expert)?;
        let files = forms(expert)?.into_iter().map(|(name, form)| {
            let place = folder.join(&name);
            Ok(ExportFile {
                found: read(&place)?,
                place: Some(place),
                name,
                form,
            })
        });
        files.collect()
    }
}

impl ExportFile {
    /// The file at an absolute path, called `name`.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn at(place: PathBuf, name: String, form: Form) -> Result<Self, EngineError> {
        Ok(Self {
            found: read(&place)?,
            place: Some(place),
            name,
            form,
        })
    }

    /// The files that the flake of an expert declares, with the texts that were found, to be compared.
    ///
    /// # Errors
    /// When it declares none, or one of an unknown form.
    pub fn given(
        expert: &Expert,
        found: &BTreeMap<String, Option<String>>,
    ) -> Result<Vec<Self>, EngineError> {
        let files = forms(expert)?.into_iter().map(|(name, form)| Self {
            found: found.get(&name).cloned().flatten(),
            place: None,
            name,
            form,
        });
        Ok(files.collect())
    }

    /// How it differs from what the expert knows; none where it does not.
    ///
    /// # Errors
    /// When it can be no file of its form.
    pub fn compare(&self, facts: &Facts) -> Result<Option<Difference>, EngineError> {
        Ok(compare(self.found.as_deref(), &self.text(facts)?))
    }

    /// Writes it, whole or not at all, where it differs; over what a person wrote only with `force`.
    ///
    /// # Errors
    /// When it can be no file of its form, or cannot be written.
    pub fn write(&self, facts: &Facts, force: bool) -> Result<Exported, EngineError> {
        let text = self.text(facts)?;
        let (Some(difference), Some(place)) = (compare(self.found.as_deref(), &text), &self.place)
        else {
            return Ok(Exported::Already);
        };
        if difference.is_of_a_person() && !force {
            return Ok(Exported::Kept(difference));
        }
        inside::write_named(place, text.as_bytes(), Permissions::Kept)?;
        poag_git::intend_to_add(std::slice::from_ref(place));
        Ok(Exported::Written)
    }

    fn text(&self, facts: &Facts) -> Result<String, EngineError> {
        let skill = match self.form {
            Form::Skill => self.skill()?,
            _ => String::new(),
        };
        Ok(render(self.form, facts, &skill))
    }

    /// The name of a skill: that of the folder its file is in.
    fn skill(&self) -> Result<String, EngineError> {
        let path = self.place.as_deref().unwrap_or(Path::new(&self.name));
        let folder = path.parent().and_then(Path::file_name);
        let folder = folder.map(|name| name.to_string_lossy().into_owned());
        let is_skill = path.file_name().is_some_and(|name| name == "SKILL.md");
        folder
            .filter(|folder| is_skill && is_name(folder))
            .ok_or_else(|| EngineError::NoSkill {
                name: self.name.clone(),
            })
    }
}

/// What an expert knows, as far as exports say it.
///
/// # Errors
/// When its files cannot be read.
pub fn facts(graph: &Graph, expert: &Expert) -> Result<Facts, EngineError> {
    Ok(Facts::of(graph, expert)?)
}

fn forms(expert: &Expert) -> Result<Vec<(String, Form)>, EngineError> {
    if expert.exports.is_empty() {
        let expert = expert.name.clone();
        return Err(EngineError::NoExports { expert });
    }
    let form = |(name, form): (&String, &String)| match Form::of(form) {
        Some(form) => Ok((name.clone(), form)),
        None => Err(EngineError::NoSuchForm {
            form: form.clone(),
            name: name.clone(),
        }),
    };
    expert.exports.iter().map(form).collect()
}

/// The text that is there; none where nothing is.
fn read(file: &Path) -> Result<Option<String>, EngineError> {
    let bytes = inside::read_named(file, MOST)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
