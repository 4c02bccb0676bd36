//! Lays out what counting tokens needs, so that the program has it at once: the vocabulary of o200k as a table that is
//! looked up in place, and the classes of characters that its splitting asks for.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use regex_syntax::hir::{Class, HirKind};

#[path = "src/tokens/hash.rs"]
mod hash;

use hash::{FINGERPRINT, SLOTS, hash, place};

/// Bits of a character's class, in the order of these Unicode properties.
const CLASSES: [&str; 5] = [
    r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]",
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]",
    r"\p{L}",
    r"\p{N}",
    r"\s",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/tokens/hash.rs");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    vocabulary(&folder)?;
    classes(&folder)
}

fn vocabulary(folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let bpe = &bpe_openai::o200k_base().bpe;
    let (mut bytes, mut starts) = (Vec::new(), vec![0_u32]);
    let mut slots = vec![0_u32; SLOTS];
    for id in 0..u32::try_from(bpe.num_tokens())? {
        let token = bpe.token_bytes(id);
        let hash = hash(token);
        let mut at = place(hash);
        while slots[at] != 0 {
            at = (at + 1) % SLOTS;
        }
        slots[at] = (FINGERPRINT & (hash as u32)) | (id + 1);
        if (id + 1) & FINGERPRINT != 0 {
            return Err("the vocabulary has more tokens than a slot can name".into());
        }
        bytes.extend_from_slice(token);
        starts.push(u32::try_from(bytes.len())?);
    }
    fs::write(folder.join("o200k.bytes"), bytes)?;
    fs::write(folder.join("o200k.starts"), little(&starts))?;
    fs::write(folder.join("o200k.slots"), little(&slots))?;
    Ok(())
}

/// One number for each run of characters of the same class: its first character, shifted by 8, and the bits.
fn classes(folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let mut sets = Vec::new();
    let mut edges = BTreeSet::from([0_u32]);
    for pattern in CLASSES {
        let hir = regex_syntax::parse(pattern)?;
        let HirKind::Class(Class::Unicode(class)) = hir.kind() else {
            return Err(format!("{pattern} is no class of characters").into());
        };
        let ranges: Vec<(u32, u32)> = class
            .ranges()
            .iter()
            .map(|range| (range.start() as u32, range.end() as u32))
            .collect();
        edges.extend(ranges.iter().flat_map(|(first, last)| [*first, last + 1]));
        sets.push(ranges);
    }
    let runs: Vec<u32> = edges
        .into_iter()
        .map(|edge| {
            let bits = sets.iter().enumerate().map(|(bit, ranges)| {
                let inside = |range: &(u32, u32)| (range.0..=range.1).contains(&edge);
                u32::from(ranges.iter().any(inside)) << bit
            });
            edge << 8 | bits.sum::<u32>()
        })
        .collect();
    fs::write(folder.join("characters.classes"), little(&runs))?;
    Ok(())
}

fn little(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|one| one.to_le_bytes()).collect()
}
