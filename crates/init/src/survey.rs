//! The files of a flake's folder: what git tracks or would, less the subfolders that are flakes of their own.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Files of one folder that are looked at, by name.
pub const MAX_FILES: usize = 100_000;
/// Bytes of one file that are read.
pub const MAX_BYTES: u64 = 256 << 10;
/// Folders inside folders that are looked into where there is no git.
const MAX_DEPTH: usize = 12;
/// Folders that hold what is built or fetched, where there is no git to tell.
const BUILT: [&str; 6] = [
    "target",
    "node_modules",
    "result",
    "dist",
    "build",
    "__pycache__",
];
/// Folders whose flakes are no part of the project: they are copied, or tried out.
const SAMPLES: [&str; 10] = [
    "doc",
    "docs",
    "template",
    "templates",
    "test",
    "tests",
    "testdata",
    "fixtures",
    "example",
    "examples",
];

/// Folders that hold the flake of the code above them.
const BESIDE_CODE: [&str; 7] = [".flake", ".nix", "dev", "dist", "flake", "nix", "packaging"];

/// A folder, and the files that belong to its flake.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The folder, canonical.
    pub folder: PathBuf,
    /// Relative paths with `/`, sorted.
    pub files: Vec<String>,
}

impl Survey {
    /// Looks at a folder, which must be canonical.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let all = list(folder);
        let nested: Vec<String> = flake_folders(&all).filter(|dir| !dir.is_empty()).collect();
        let own = |file: &String| {
            !nested
                .iter()
                .any(|dir| file.starts_with(&format!("{dir}/")))
        };
        Self {
            folder: folder.to_owned(),
            files: all.into_iter().filter(own).collect(),
        }
    }

    /// Whether that file is there.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files
            .binary_search_by(|file| file.as_str().cmp(path))
            .is_ok()
    }

    /// Whether that file, or a file below that folder, is there.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.has(path) || self.files.iter().any(|file| file.starts_with(&folder))
    }

    /// The text of one of the files; none where it is no text, or leads elsewhere.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        self.has(path).then(|| read_inside(&self.folder, path))?
    }
}

/// Whether a folder of that name holds what is no part of the project.
pub(crate) fn is_sample(part: &str) -> bool {
    SAMPLES.contains(&part)
}

/// The text of a file below a folder: a regular file, reached without leaving it even by links, its first 256 KiB.
#[must_use]
pub fn read_inside(folder: &Path, path: &str) -> Option<String> {
    let file = folder.join(path);
    let real = file.canonicalize().ok()?;
    let inside = real.starts_with(folder) && fs::metadata(&real).ok()?.is_file();
    let mut bytes = Vec::new();
    let read = inside.then(|| fs::File::open(&real).ok())??;
    read.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let cut = error.utf8_error().error_len().is_none();
            cut.then(|| String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned())
        }
    }
}

/// The flakes at and below a folder, those whose folder is nearer first; and those that are passed by as samples.
#[must_use]
pub fn flakes(folder: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let all = list(folder);
    let mut found: Vec<String> = flake_folders(&all).collect();
    found.sort_by_key(|dir| (dir.split('/').count(), dir.clone()));
    let sample = |dir: &String| dir.split('/').any(|part| SAMPLES.contains(&part));
    let (passed, taken): (Vec<_>, Vec<_>) = found.into_iter().partition(sample);
    let join = |dirs: Vec<String>| dirs.iter().map(|dir| folder.join(dir)).collect();
    (join(taken), join(passed))
}

/// The folder of the code of a flake: its own, or one above it where the flake lies in a folder of nothing but Nix and
/// that above is no flake itself. `root` is where the repository begins.
#[must_use]
pub fn source(root: &Path, flake: &Path) -> PathBuf {
    let text = |file: &String| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let known = [
            "flake.lock",
            "poag.lock",
            ".envrc",
            ".gitignore",
            "README.md",
        ];
        name.ends_with(".nix") || known.contains(&name)
    };
    let (mut found, mut folder) = (flake.to_owned(), flake.to_owned());
    let aside = |folder: &Path| {
        let name = folder.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| BESIDE_CODE.contains(&name))
    };
    while folder != root && aside(&folder) && Survey::of(&folder).files.iter().all(text) {
        let Some(above) = folder.parent() else {
            break;
        };
        if above.join("flake.nix").exists() {
            break;
        }
        folder = above.to_owned();
        found.clone_from(&folder);
    }
    // Nothing but Nix up to the root is a repository of Nix.
    let nothing = Survey::of(&found).files.iter().all(text);
    if nothing { flake.to_owned() } else { found }
}

fn flake_folders(files: &[String]) -> impl Iterator<Item = String> {
    let flakes = files.iter().filter_map(|file| match file.as_str() {
        "flake.nix" => Some(String::new()),
        file => file.strip_suffix("/flake.nix").map(str::to_owned),
    });
    flakes.collect::<Vec<_>>().into_iter()
}

fn list(folder: &Path) -> Vec<String> {
    let files: BTreeSet<String> = match poag_git::known(folder) {
        Some(files) => files.into_iter().take(MAX_FILES).collect(),
        None => walk(folder),
    };
    files.into_iter().collect()
}

fn walk(folder: &Path) -> BTreeSet<String> {
    let kept = |name: &str| !name.starts_with('.') && !BUILT.contains(&name);
    WalkDir::new(folder)
        .follow_links(false)
        .min_depth(1)
        .max_depth(MAX_DEPTH)
        .into_iter()
        .filter_entry(|entry| entry.file_name().to_str().is_some_and(kept))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).ok()?;
            path.to_str().map(str::to_owned)
        })
        .take(MAX_FILES)
        .collect()
}
