//! The signals by which files are ranked, and the weights they have until a repository's own past tells better ones.

use serde::{Deserialize, Serialize};

/// What speaks for a file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[repr(usize)]
pub enum Signal {
    /// Its text.
    Body,
    /// Its best piece of forty lines.
    Piece,
    /// The names it defines, or its headings.
    Defines,
    /// Its comments.
    Comments,
    /// Its path.
    Path,
    /// Its own name, without folders and extension.
    Stem,
    /// The folders it lies in.
    Folder,
    /// The request names the file.
    Named,
    /// Identifiers of the request, in its text.
    Identifiers,
    /// Identifiers of the request, among what it defines.
    IdentifiersDefined,
    /// Past messages like the request, the newer the more (half after 1,000 commits).
    Messages,
    /// The same, half after 200 commits.
    LateMessages,
    /// Past messages like the first line of the request.
    Titles,
    /// The thirty past messages most like the request.
    Nearest,
    /// The six most like it.
    Closest,
    /// All past messages about the file, as one document.
    Told,
    /// All past messages about its folder, as one document.
    FolderTold,
    /// Past messages with the same scope (`scope: …`).
    Scope,
    /// How often it changed lately: half after 30 commits.
    Hot30,
    /// The same, half after 200 commits.
    Hot200,
    /// The same, half after 1,000 commits.
    Hot1000,
    /// How often it ever changed.
    Hot,
    /// How long ago it changed.
    Last,
    /// How often its folder changed.
    HotFolder,
    /// It is a source.
    Source,
    /// It is a test.
    Test,
    /// It is an example.
    Example,
    /// It is a document.
    Document,
    /// It configures.
    Configure,
    /// It is a record, such as a lock file.
    Record,
    /// Its size.
    Size,
    /// The signals above together, by the weights of the first step.
    First,
    /// It changed together with the best files of the first step.
    Together,
    /// The same, less for files that change with everything.
    Bound,
    /// It defines what the best files use.
    UsedByBest,
    /// It uses what the best files define.
    UsesBest,
    /// It is named like one of the best files: its test, its header.
    Pair,
    /// Words of the best files.
    Alike,
    /// What its folder holds of the best.
    Siblings,
    /// What its package holds of the best, for its size.
    Package,
    /// What its package holds of the best.
    PackageSum,
    /// The best of its package.
    PackageBest,
}

use Signal as S;

/// How many there are.
pub const COUNT: usize = 42;

/// All of them, each with its weight in the first step and its weight in the last. Those of the first step were set by
/// hand; those of the last were learned from the past of two repositories, gitoxide and tracing, as
/// `benches/rank_weights.rs` prints them, but for three set nearer to nothing by hand (documents −1.248, configuration
/// 0.294, records 1.236), which tell of these two repositories' habits.
pub const ALL: [(Signal, f64, f64); COUNT] = [
    (S::Body, 0.7, 1.461),
    (S::Piece, 0.8, 1.704),
    (S::Defines, 0.3, 0.335),
    (S::Comments, 0.0, 0.049),
    (S::Path, 0.7, 0.523),
    (S::Stem, 0.0, 0.278),
    (S::Folder, 0.0, 0.325),
    (S::Named, 0.8, 0.279),
    (S::Identifiers, 0.0, 1.352),
    (S::IdentifiersDefined, 0.0, 0.111),
    (S::Messages, 0.0, 0.198),
    (S::LateMessages, 0.0, -0.083),
    (S::Titles, 0.5, 0.476),
    (S::Nearest, 1.0, 0.108),
    (S::Closest, 0.0, 0.399),
    (S::Told, 0.8, -0.085),
    (S::FolderTold, 0.3, -0.103),
    (S::Scope, 0.4, 0.613),
    (S::Hot30, 0.0, 0.366),
    (S::Hot200, 0.0, 0.103),
    (S::Hot1000, 0.3, -0.134),
    (S::Hot, 0.0, -0.026),
    (S::Last, 0.0, -0.066),
    (S::HotFolder, 0.0, -0.13),
    (S::Source, 0.0, -0.178),
    (S::Test, 0.0, -0.04),
    (S::Example, 0.0, -0.063),
    (S::Document, 0.0, -0.6),
    (S::Configure, 0.0, 0.15),
    (S::Record, 0.0, 0.3),
    (S::Size, 0.0, -0.118),
    (S::First, 0.0, 0.996),
    (S::Together, 0.0, 0.38),
    (S::Bound, 0.0, 0.395),
    (S::UsedByBest, 0.0, -0.015),
    (S::UsesBest, 0.0, 0.35),
    (S::Pair, 0.0, 0.065),
    (S::Alike, 0.0, -0.396),
    (S::Siblings, 0.0, 0.444),
    (S::Package, 0.0, 0.401),
    (S::PackageSum, 0.0, 0.037),
    (S::PackageBest, 0.0, 0.731),
];

/// A weight for each signal.
pub type SignalWeights = [f64; COUNT];

/// The weights of the last step that every repository begins with.
#[must_use]
pub fn defaults() -> SignalWeights {
    let mut weights = [0.0; COUNT];
    for (signal, _, weight) in ALL {
        weights[signal as usize] = weight;
    }
    weights
}

/// Signals that belong together, by name: what an ablation leaves out.
pub const GROUPS: &[(&str, &[Signal])] = &[
    ("text", &[S::Body, S::Piece, S::Comments]),
    (
        "definitions",
        &[S::Defines, S::Identifiers, S::IdentifiersDefined],
    ),
    ("paths", &[S::Path, S::Stem, S::Folder, S::Named]),
    (
        "messages",
        &[
            S::Messages,
            S::LateMessages,
            S::Titles,
            S::Nearest,
            S::Closest,
            S::Told,
            S::FolderTold,
            S::Scope,
        ],
    ),
    (
        "heat",
        &[
            S::Hot30,
            S::Hot200,
            S::Hot1000,
            S::Hot,
            S::Last,
            S::HotFolder,
        ],
    ),
    ("together", &[S::Together, S::Bound]),
    ("references", &[S::UsedByBest, S::UsesBest, S::Pair]),
    (
        "neighbourhood",
        &[S::Siblings, S::Package, S::PackageSum, S::PackageBest],
    ),
    ("alike", &[S::Alike]),
    (
        "roles",
        &[
            S::Source,
            S::Test,
            S::Example,
            S::Document,
            S::Configure,
            S::Record,
            S::Size,
        ],
    ),
    (
        "history",
        &[
            S::Messages,
            S::LateMessages,
            S::Titles,
            S::Nearest,
            S::Closest,
            S::Told,
            S::FolderTold,
            S::Scope,
            S::Hot30,
            S::Hot200,
            S::Hot1000,
            S::Hot,
            S::Last,
            S::HotFolder,
            S::Together,
            S::Bound,
        ],
    ),
];
