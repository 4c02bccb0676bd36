//! The files of one expert in the order of their worth. Texts and outlines are made when somebody first asks, by all
//! processors, and only for files that may be shown.

use std::sync::OnceLock;

use super::fenced::Fenced;
use super::kept::{FileDetails, KeptFiles, KeptTokens};
use super::overview::details;
use super::survey::{FileFacts, Outlined, page};
use super::uses::uses;
use super::worth::{Worth, ranked, worth};
use crate::files::{Listed, Root, is_below};
use crate::{KnowledgeError, parallel, tokens};

/// Files whose texts or outlines are made at a time, so that no processor waits and little is made in vain.
const AHEAD: usize = 4;

/// One file.
pub(super) struct Book {
    pub worth: Worth,
    pub facts: FileFacts,
    made: FileDetails,
    details: OnceLock<Vec<String>>,
    /// None where it turned out to be no text any more, or not to fit.
    whole: OnceLock<Option<Fenced>>,
    tokens: OnceLock<KeptTokens>,
}

/// All of them, worth most first.
pub(super) struct FileSet<'r> {
    root: &'r Root,
    pub books: Vec<Book>,
}

impl<'r> FileSet<'r> {
    /// Puts the files in order. `contracts` are the paths that the expert's contracts name.
    pub fn new(
        root: &'r Root,
        facts: Vec<FileFacts>,
        contracts: &[&str],
        kept: Option<&KeptFiles>,
    ) -> Self {
        let worths: Vec<Worth> = facts
            .iter()
            .map(
                |facts| match contracts.iter().any(|path| is_below(&facts.path, path)) {
                    true => Worth::Contract,
                    false => worth(&facts.path),
                },
            )
            .collect();
        let named: Vec<_> = worths
            .iter()
            .copied()
            .zip(facts.iter().map(|facts| &facts.names))
            .collect();
        let order = ranked(&worths, &facts, &uses(&named));
        let mut facts: Vec<Option<FileFacts>> = facts.into_iter().map(Some).collect();
        let books = order
            .into_iter()
            .filter_map(|at| Some((worths[at], facts[at].take()?)))
            .map(|(worth, facts)| {
                let made = kept
                    .map(|kept| kept.made(&facts.path, &facts.hash))
                    .unwrap_or_default();
                Book::new(worth, facts, made)
            })
            .collect();
        Self { root, books }
    }

    /// What a file defines, one line each; made for some of the next files too.
    pub fn details(&self, at: usize) -> Result<&[String], KnowledgeError> {
        let missing = |book: &&Book| book.worth != Worth::Generated && book.details.get().is_none();
        if missing(&&self.books[at]) {
            let next: Vec<&Book> = self.books[at..]
                .iter()
                .filter(missing)
                .take(AHEAD)
                .collect();
            let made = parallel::each(&next, |book| book.outlined(self.root));
            for (book, made) in next.iter().zip(made) {
                let _ = book.details.set(made?);
            }
        }
        Ok(self.books[at].details.get().map_or(&[], Vec::as_slice))
    }

    /// A file as it would stand in the pack, if that takes no more than `most` tokens; made for some of the next
    /// files too, which may then have `left` at most.
    pub fn whole(
        &self,
        at: usize,
        most: usize,
        left: usize,
    ) -> Result<Option<&Fenced>, KnowledgeError> {
        if self.books[at].whole.get().is_none() && self.books[at].may_fit(most) {
            let next: Vec<&Book> = self.books[at..]
                .iter()
                .filter(|book| book.whole.get().is_none() && book.may_fit(left))
                .take(AHEAD)
                .collect();
            let made = parallel::each(&next, |book| book.fenced(self.root, left));
            for (book, made) in next.iter().zip(made) {
                let (fenced, tokens) = made?;
                let _ = book.tokens.set(tokens);
                let _ = book.whole.set(fenced);
            }
        }
        let whole = self.books[at].whole.get().and_then(Option::as_ref);
        Ok(whole.filter(|whole| whole.tokens <= most))
    }

    /// What was found out about each file, to be kept.
    pub fn into_made(self) -> impl Iterator<Item = (FileFacts, FileDetails)> + use<> {
        self.books.into_iter().map(|book| {
            let mut made = book.made;
            if let Some(details) = book.details.into_inner() {
                made.details = Some((book.worth == Worth::Test, details));
            }
            made.tokens = book.tokens.into_inner().or(made.tokens);
            (book.facts, made)
        })
    }
}

impl Book {
    fn new(worth: Worth, facts: FileFacts, made: FileDetails) -> Self {
        let book = Self {
            worth,
            facts,
            details: OnceLock::new(),
            whole: OnceLock::new(),
            tokens: OnceLock::new(),
            made,
        };
        if let Some((test, details)) = &book.made.details
            && *test == (worth == Worth::Test)
        {
            let _ = book.details.set(details.clone());
        }
        book
    }

    fn listed(&self) -> Listed {
        Listed {
            path: self.facts.path.clone(),
            link: false,
        }
    }

    /// Whether there is a chance that it takes no more than `most` tokens, as far as can be told without reading:
    /// no text has eight bytes to the token, nor less than a token to the word.
    fn may_fit(&self, most: usize) -> bool {
        let known = match self.made.tokens {
            Some(KeptTokens::Exactly(tokens)) => tokens as usize <= most,
            Some(KeptTokens::MoreThan(tokens)) => (tokens as usize) < most,
            None => true,
        };
        let size = usize::try_from(self.facts.size).unwrap_or(usize::MAX);
        known && size / 8 <= most && self.facts.names.words as usize <= most
    }

    fn outlined(&self, root: &Root) -> Result<Vec<String>, KnowledgeError> {
        let (page, _) = page(
            root,
            &self.listed(),
            Outlined::Until(self.facts.names.enough),
        )?;
        Ok(page.map_or_else(Vec::new, |page| details(self.worth, &page)))
    }

    fn fenced(
        &self,
        root: &Root,
        most: usize,
    ) -> Result<(Option<Fenced>, KeptTokens), KnowledgeError> {
        let bound = KeptTokens::MoreThan(u32::try_from(most).unwrap_or(u32::MAX));
        let (Some(page), _) = page(root, &self.listed(), Outlined::Not)? else {
            return Ok((None, bound));
        };
        let counted = match self.made.tokens {
            Some(KeptTokens::Exactly(tokens)) => Some(tokens as usize),
            _ => tokens::count_within(Fenced::trimmed(&page.text), most),
        };
        Ok(match counted {
            Some(tokens) => (
                Some(Fenced::new(&page.path, &page.text, tokens)),
                KeptTokens::Exactly(u32::try_from(tokens).unwrap_or(u32::MAX)),
            ),
            None => (None, bound),
        })
    }
}
