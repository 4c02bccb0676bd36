//! Lays out what counting tokens needs, so that the program has it at once: the vocabulary of o200k as a table that is
//! looked up in place.

#![expect(clippy::disallowed_methods, reason = "cargo says by it where to write")]

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "src/tokens/hash.rs"]
mod hash;

use hash::{FINGERPRINT, SLOTS, hash, place};

/// The tokens in the order of their ranks, each behind a byte that is its length.
const VOCABULARY: &str = "src/tokens/o200k.vocabulary";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/tokens/hash.rs");
    println!("cargo::rerun-if-changed={VOCABULARY}");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    vocabulary(&fs::read(VOCABULARY)?, &folder)
}

fn vocabulary(mut tokens: &[u8], folder: &Path) -> Result<(), Box<dyn Error>> {
    let (mut bytes, mut starts) = (Vec::new(), vec![0_u32]);
    let mut slots = vec![0_u32; SLOTS];
    let mut number = 0_u32;
    while let Some((length, rest)) = tokens.split_first() {
        let cut = rest.split_at_checked(usize::from(*length));
        let (token, rest) = cut.ok_or("the vocabulary ends within a token")?;
        tokens = rest;
        number += 1;
        if number & FINGERPRINT != 0 {
            return Err("the vocabulary has more tokens than a slot can name".into());
        }
        let hash = hash(token);
        let mut at = place(hash);
        while slots[at] != 0 {
            at = (at + 1) % SLOTS;
        }
        slots[at] = (FINGERPRINT & (hash as u32)) | number;
        bytes.extend_from_slice(token);
        starts.push(u32::try_from(bytes.len())?);
    }
    fs::write(folder.join("o200k.bytes"), bytes)?;
    fs::write(folder.join("o200k.starts"), little(&starts))?;
    fs::write(folder.join("o200k.slots"), little(&slots))?;
    Ok(())
}

fn little(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|one| one.to_le_bytes()).collect()
}
