//! Which files a pack is made of by their content, and the pack that is made of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::build::Draft;
use super::error::PackError;
use super::front::{failed, root};
use super::kept::KeptFiles;
use super::shelf::FileSet;
use super::survey::survey;
use super::{Pack, PackOptions};
use crate::files::{Listed, Root};
use poag_core::expert::{Expert, Graph};

/// Files of one expert that are learned by their content: all where there are no more, else those whose content is in
/// its pack. It bounds `poag.lock`.
const BY_CONTENT: usize = 240;

/// Builds the pack of an expert.
pub(super) fn build(
    graph: &Graph,
    expert: &Expert,
    options: &PackOptions,
    kept: Option<KeptFiles>,
) -> Result<Pack, PackError> {
    let root = root(expert)?;
    let listed = match &options.files {
        Some(files) => Cow::Borrowed(files),
        None => Cow::Owned(root.list().map_err(|source| failed(expert, source))?),
    };
    let owner = Owner {
        graph,
        expert,
        options,
        root: &root,
        listed: &listed,
        kept: kept.as_ref(),
    };
    if let Some(chosen) = &expert.knowledge.learned {
        return Ok(owner.fill(Some(chosen))?.pack);
    }
    let all = owner.fill(None)?;
    let pack = match listed.len() > BY_CONTENT {
        false => all.pack,
        true => owner.fill(Some(&all.chosen))?.pack,
    };
    let made = all.shelf.into_made();
    if let Some(kept) = kept {
        // Whoever cannot keep it finds it out again.
        let _ = kept.store(made);
    }
    Ok(pack)
}

/// The files that an expert is to learn by their content, out of more than it can; none where it learns all of them.
///
/// A pack is made of these and of the names of all others, and of nothing else: as long as they are what they were, it is
/// what it was.
pub(super) fn chosen(
    graph: &Graph,
    expert: &Expert,
    options: &PackOptions,
    kept: Option<&KeptFiles>,
) -> Result<Option<BTreeSet<String>>, PackError> {
    let root = root(expert)?;
    let listed = root.list().map_err(|source| failed(expert, source))?;
    if listed.len() <= BY_CONTENT {
        return Ok(None);
    }
    let owner = Owner {
        graph,
        expert,
        options,
        root: &root,
        listed: &listed,
        kept,
    };
    Ok(Some(owner.fill(None)?.chosen))
}

/// What a pack comes from.
struct Owner<'o> {
    graph: &'o Graph,
    expert: &'o Expert,
    options: &'o PackOptions,
    root: &'o Root,
    listed: &'o [Listed],
    kept: Option<&'o KeptFiles>,
}

/// A pack, and the files it was made from.
struct Filled<'o> {
    pack: Pack,
    /// Those whose content is in it, as many as are learned, those worth most.
    chosen: BTreeSet<String>,
    shelf: FileSet<'o>,
}

impl<'o> Owner<'o> {
    /// Fills a pack, of these files alone where they are given.
    fn fill(&self, chosen: Option<&BTreeSet<String>>) -> Result<Filled<'o>, PackError> {
        let mut draft = Draft::new(self.graph, self.expert, self.options)?;
        let survey = survey(self.root, self.listed, self.kept, chosen);
        let survey = survey.map_err(|source| failed(self.expert, source))?;
        draft.left_out.extend(survey.left_out);
        let contracts = self.expert.provides.values();
        let promised: Vec<&str> = contracts
            .flat_map(|contract| &contract.files)
            .map(String::as_str)
            .collect();
        let shelf = FileSet::new(self.root, survey.facts, &promised, self.kept);
        let (pack, told) = draft.fill(&shelf)?;
        let paths = told.into_iter().take(BY_CONTENT);
        let chosen = paths.map(|at| shelf.books[at].facts.path.clone());
        Ok(Filled {
            pack,
            chosen: chosen.collect(),
            shelf,
        })
    }
}
