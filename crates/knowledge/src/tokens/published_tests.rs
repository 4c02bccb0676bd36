//! The files that src/tokens reads, as they follow from what is published: the vocabulary of o200k, and the Unicode classes
//! that its splitting asks for.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

use bpe_openai::o200k_base;
use regex_syntax::hir::{Class, HirKind};

/// Bits of a character's class, in the order of these Unicode properties.
const CLASSES: [&str; 5] = [
    r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]",
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]",
    r"\p{L}",
    r"\p{N}",
    r"\s",
];

/// The tokens in the order of their ranks, each behind a byte that is its length.
fn vocabulary() -> Vec<u8> {
    let bpe = &o200k_base().bpe;
    let mut file = Vec::new();
    for id in 0..u32::try_from(bpe.num_tokens()).unwrap() {
        let token = bpe.token_bytes(id);
        file.push(u8::try_from(token.len()).unwrap());
        file.extend_from_slice(token);
    }
    file
}

/// One number for each run of characters of the same class: its first character, shifted by 8, and the bits.
fn classes() -> Vec<u8> {
    let mut sets = Vec::new();
    let mut edges = BTreeSet::from([0_u32]);
    for pattern in CLASSES {
        let hir = regex_syntax::parse(pattern).unwrap();
        let HirKind::Class(Class::Unicode(class)) = hir.kind() else {
            panic!("{pattern} is no class of characters");
        };
        let ranges: Vec<(u32, u32)> = class
            .ranges()
            .iter()
            .map(|range| (range.start() as u32, range.end() as u32))
            .collect();
        edges.extend(ranges.iter().flat_map(|(first, last)| [*first, last + 1]));
        sets.push(ranges);
    }
    let runs = edges.into_iter().flat_map(|edge| {
        let bits = sets.iter().enumerate().map(|(bit, ranges)| {
            let inside = |range: &(u32, u32)| (range.0..=range.1).contains(&edge);
            u32::from(ranges.iter().any(inside)) << bit
        });
        (edge << 8 | bits.sum::<u32>()).to_le_bytes()
    });
    runs.collect()
}

#[test]
fn the_files_are_what_is_published() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tokens");
    for (name, file) in [
        ("o200k.vocabulary", vocabulary()),
        ("characters.classes", classes()),
    ] {
        let path = folder.join(name);
        if env::var_os("POAG_WRITE_TOKENS").is_some() {
            fs::write(&path, &file).unwrap();
        }
        let same = fs::read(&path).unwrap() == file;
        assert!(same, "{name}; repair: POAG_WRITE_TOKENS=1 and this test");
    }
}
