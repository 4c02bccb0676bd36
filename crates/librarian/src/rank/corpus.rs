//! A set of files and its past, ready to be ranked.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::field::{Document, Field, Shape};
use super::graph::NameGraph;
use super::memory::Memory;
use crate::index::sheet::{Counts, Sheet};
use crate::text::role::Role;
use crate::text::words;
use poag_git::history::Past;

/// Names of files that begin a package.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "go.mod",
    "deno.json",
    "flake.nix",
    "pom.xml",
    "package.xml",
];

/// Numbers of all terms.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Vocabulary {
    numbers: HashMap<String, u32>,
}

impl Vocabulary {
    /// The number of a term, given when it is new.
    pub fn learn(&mut self, term: &str) -> u32 {
        if let Some(number) = self.numbers.get(term) {
            return *number;
        }
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(term.to_owned(), next);
        next
    }

    /// The number of a known term.
    #[must_use]
    pub fn number(&self, term: &str) -> Option<u32> {
        self.numbers.get(term).copied()
    }

    /// All terms with their numbers, in no order.
    pub fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.numbers
            .iter()
            .map(|(term, number)| (term.as_str(), *number))
    }

    /// How many there are.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.numbers.len()
    }
}

/// The terms of one sheet, by their places there, as they are numbered among all.
pub struct Numbers(Vec<u32>);

impl Numbers {
    /// Learns the terms of a sheet.
    pub fn learn(sheet: &Sheet, vocabulary: &mut Vocabulary) -> Self {
        let terms = sheet.terms.split(' ').filter(|term| !term.is_empty());
        Self(terms.map(|term| vocabulary.learn(term)).collect())
    }

    /// The number of the term at a place of the sheet.
    fn of(&self, place: u32) -> Option<u32> {
        self.0.get(place as usize).copied()
    }

    /// Counts of the sheet as a document.
    #[must_use]
    pub fn document(&self, counts: &Counts) -> Document {
        let mut document: Document = counts
            .iter()
            .filter_map(|(term, count)| Some((self.of(*term)?, *count as f32)))
            .collect();
        document.sort_unstable_by_key(|(term, _)| *term);
        document
    }
}

/// What lies where.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Groups {
    /// The group of each file.
    pub of: Vec<u32>,
    /// How many files each group has.
    pub sizes: Vec<u32>,
    /// The names of the groups, in order.
    pub names: Vec<String>,
}

impl Groups {
    fn new(names: Vec<String>) -> Self {
        let numbers: BTreeMap<String, usize> =
            names.iter().cloned().map(|name| (name, 0)).collect();
        let names_in_order: Vec<String> = numbers.into_keys().collect();
        let mut groups = Self {
            sizes: vec![0; names_in_order.len()],
            ..Self::default()
        };
        for name in names {
            let at = names_in_order.binary_search(&name).unwrap_or(0);
            groups.sizes[at] += 1;
            groups.of.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        groups.names = names_in_order;
        groups
    }
}

/// The fields of the files.
#[derive(Deserialize, Serialize)]
pub struct Fields {
    pub body: Field,
    pub pieces: Field,
    /// The file of each piece.
    pub owners: Vec<u32>,
    pub defines: Field,
    pub comments: Field,
    pub path: Field,
    pub stem: Field,
    pub folder: Field,
    /// The body by document, cut to what tells most.
    pub telling: Vec<Document>,
}

/// Files, and what the past tells of them.
#[derive(Deserialize, Serialize)]
pub struct Corpus {
    /// The paths, in order.
    pub paths: Vec<String>,
    pub(super) roles: Vec<Role>,
    pub(super) sizes: Vec<f64>,
    pub(super) folders: Groups,
    pub(super) packages: Groups,
    pub(super) vocabulary: Vocabulary,
    pub(super) fields: Fields,
    pub(super) graph: NameGraph,
    pub(super) memory: Memory,
    /// Lower-case file name → files of that name.
    pub(super) by_name: BTreeMap<String, Vec<u32>>,
}

impl Corpus {
    /// Files with what they say, sorted by path or not, and the past of the folder `below` (from the top of the
    /// repository; empty for all of it) that they lie in. Packages are the folders with a manifest, unless `packages`
    /// names the package of each path.
    #[must_use]
    pub fn new(
        files: &[(String, Sheet)],
        past: &Past,
        below: &str,
        packages: Option<&dyn Fn(&str) -> String>,
    ) -> Self {
        let mut files: Vec<&(String, Sheet)> = files.iter().collect();
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        let mut vocabulary = Vocabulary::default();
        let mut read = Read::default();
        for (path, sheet) in &files {
            read.add(path, sheet, &mut vocabulary);
        }
        let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        let mut by_name: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, path) in (0u32..).zip(&paths) {
            by_name
                .entry(name(path).to_lowercase())
                .or_default()
                .push(at);
        }
        let memory = Memory::new(past, below, &paths, &mut vocabulary);
        let terms = vocabulary.terms();
        let graph = NameGraph::new(&paths, &read.names, &read.body);
        let packages = match packages {
            Some(of) => Groups::new(paths.iter().map(|path| of(path)).collect()),
            None => Groups::new(by_manifest(&paths)),
        };
        Self {
            roles: paths.iter().map(|path| Role::of(path)).collect(),
            sizes: read
                .sizes
                .iter()
                .map(|size| (1.0 + *size as f64).ln())
                .collect(),
            folders: Groups::new(paths.iter().map(|path| folder(path).to_owned()).collect()),
            packages,
            fields: read.fields(terms),
            vocabulary,
            graph,
            memory,
            by_name,
            paths,
        }
    }

    /// Whether what was kept of it fits together.
    pub(super) fn is_whole(&self) -> bool {
        let files = self.paths.len();
        [
            self.roles.len(),
            self.sizes.len(),
            self.folders.of.len(),
            self.packages.of.len(),
        ]
        .iter()
        .all(|count| *count == files)
            && self.memory.commits.len() == self.memory.terms.len()
    }

    /// The files that hold a term in a field.
    fn held<'f>(&self, field: &'f Field, term: &str) -> &'f [(u32, f32)] {
        let number = self.vocabulary.number(term);
        number.map_or(&[], |number| field.holders(number))
    }

    fn paths_of<'c>(&'c self, holders: &'c [(u32, f32)]) -> impl Iterator<Item = &'c str> {
        let path = |(file, _): &(u32, f32)| self.paths[*file as usize].as_str();
        holders.iter().map(path)
    }

    /// How many files hold a term.
    #[must_use]
    pub fn holders(&self, term: &str) -> usize {
        self.held(&self.fields.body, term).len()
    }

    /// The files that define a name, by its whole term, as far as their lines tell.
    pub fn defining(&self, term: &str) -> impl Iterator<Item = &str> {
        self.paths_of(self.held(&self.fields.defines, term))
    }

    /// The files that hold a term.
    pub fn holding(&self, term: &str) -> impl Iterator<Item = &str> {
        self.paths_of(self.held(&self.fields.body, term))
    }

    /// Whether a file holds a term.
    #[must_use]
    pub fn holds(&self, path: &str, term: &str) -> bool {
        let file = self
            .paths
            .binary_search_by(|known| known.as_str().cmp(path));
        file.is_ok_and(|file| {
            let holders = self.held(&self.fields.body, term);
            let place = |(holder, _): &(u32, f32)| *holder as usize;
            holders.binary_search_by_key(&file, place).is_ok()
        })
    }

    /// How much a term tells: ln(1 + files / files that hold it); of one that stands nowhere, as if one held it.
    #[must_use]
    pub fn rarity(&self, term: &str) -> f64 {
        (1.0 + self.paths.len() as f64 / self.holders(term).max(1) as f64).ln()
    }

    /// Why its past tells less than one may expect.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.memory.note.as_deref()
    }

    /// How many commits of the past tell something of these files.
    #[must_use]
    pub fn commits(&self) -> usize {
        self.memory.commits.len()
    }
}

/// The file name of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn by_manifest(paths: &[String]) -> Vec<String> {
    let heads: std::collections::HashSet<&str> = paths
        .iter()
        .filter(|path| MANIFESTS.contains(&name(path)))
        .map(|path| folder(path))
        .collect();
    let of = |path: &String| {
        let mut at = folder(path);
        while !at.is_empty() && !heads.contains(at) {
            at = folder(at);
        }
        at.to_owned()
    };
    paths.iter().map(of).collect()
}

#[derive(Default)]
struct Read {
    body: Vec<Document>,
    pieces: Vec<Document>,
    owners: Vec<u32>,
    defines: Vec<Document>,
    comments: Vec<Document>,
    path: Vec<Document>,
    stem: Vec<Document>,
    folder: Vec<Document>,
    names: Vec<Vec<u32>>,
    sizes: Vec<usize>,
}

impl Read {
    fn add(&mut self, path: &str, sheet: &Sheet, vocabulary: &mut Vocabulary) {
        let numbers = Numbers::learn(sheet, vocabulary);
        let document = |counts: &Counts| numbers.document(counts);
        let file = u32::try_from(self.body.len()).unwrap_or(u32::MAX);
        self.body.push(document(&sheet.body));
        for piece in &sheet.pieces {
            self.pieces.push(document(piece));
            self.owners.push(file);
        }
        self.defines.push(document(&sheet.defs));
        self.comments.push(document(&sheet.comments));
        self.names.push(
            sheet
                .names
                .iter()
                .filter_map(|term| numbers.of(*term))
                .collect(),
        );
        self.sizes.push(sheet.size);
        let (own, inside) = (name(path), folder(path));
        let stem = if own.starts_with('.') {
            own
        } else {
            own.split('.').next().unwrap_or(own)
        };
        self.path.push(tally(path, vocabulary));
        self.stem.push(tally(stem, vocabulary));
        let mut once = tally(inside, vocabulary);
        once.iter_mut().for_each(|(_, count)| *count = 1.0);
        self.folder.push(once);
    }

    fn fields(&self, terms: usize) -> Fields {
        let of = |documents: &[Document], saturation: f64, length: f64| {
            Field::new(
                documents,
                terms,
                Shape {
                    saturation,
                    length,
                    floor: 0.0,
                },
            )
        };
        let body = of(&self.body, 1.2, 0.75);
        let mut telling = body.by_document(self.body.len());
        for document in &mut telling {
            document.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            document.truncate(TELLING);
        }
        Fields {
            body,
            telling,
            pieces: of(&self.pieces, 1.2, 0.5),
            owners: self.owners.clone(),
            defines: of(&self.defines, 1.2, 0.6),
            comments: of(&self.comments, 1.2, 0.6),
            path: of(&self.path, 1.0, 0.5),
            stem: of(&self.stem, 1.0, 0.6),
            folder: of(&self.folder, 1.0, 0.5),
        }
    }
}

/// Terms of a file that stand for it.
const TELLING: usize = 60;

/// The terms of a short text, with how often each stands there.
pub fn tally(text: &str, vocabulary: &mut Vocabulary) -> Document {
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    words::each(text, |term| {
        *counts.entry(vocabulary.learn(term)).or_default() += 1.0
    });
    counts.into_iter().collect()
}
