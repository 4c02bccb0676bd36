//! Which names a file makes public and which names stand in it: one pass over its bytes, for ranking alone.
//!
//! A parser would know definitions exactly, at a hundred times the cost, which only what a pack shows is worth. Names
//! are kept as 32 bits of their hash; two that fall together disturb a rank a little, the same on every machine.

use std::cell::RefCell;

use super::definer::Definer;
use super::overview::MAX_SYMBOLS;
use super::runs::LineRuns;

/// Bytes of a name below which it is everywhere.
const MIN_NAME: usize = 4;
/// Definitions after which there are enough: half as many again as are shown, since words on a line may mislead.
const ENOUGH: usize = MAX_SYMBOLS + MAX_SYMBOLS / 2;
/// Different names of one file that count.
const MAX_NAMES: usize = 1 << 16;

/// What one pass over a text finds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct NameList {
    /// Hashes of what it defines for others, ascending.
    pub defines: Vec<u32>,
    /// Hashes of the names in it, ascending.
    pub uses: Vec<u32>,
    /// How many words it has: it has at least as many tokens.
    pub words: u32,
    /// Where so many definitions lie behind that a pack shows no more of them; none where there are not so many.
    pub enough: Option<u32>,
}

/// A word where it stands.
pub(super) struct Word<'t> {
    pub bytes: &'t [u8],
    /// Whether it is the first of its line.
    pub first: bool,
    /// Bytes in front of the first word of the line.
    pub indent: usize,
    /// The byte in front of it; a line break where there is none.
    pub before: u8,
    /// What follows it.
    pub after: &'t [u8],
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

/// The names of one file.
pub(super) fn names(path: &str, text: &str) -> NameList {
    SEEN.with_borrow_mut(|seen| scan(Definer::of(path, text), text.as_bytes(), seen))
}

fn scan(mut definer: Option<Definer>, text: &[u8], seen: &mut Seen) -> NameList {
    seen.clear();
    seen.runs.read(text);
    let mut found = NameList::default();
    let (mut at, mut indent) = (0, 0);
    while let Some(place) = seen.runs.word(at) {
        let line = seen.runs.line(at..place.start);
        let first = at == 0 || line.is_some();
        if first {
            indent = place.start - line.unwrap_or(0);
        }
        let bytes = &text[place.clone()];
        at = place.end;
        let before = place.start.checked_sub(1).map_or(b'\n', |at| text[at]);
        // `don't` may be one token.
        found.words += u32::from(before != b'\'');
        let defines = definer.as_mut().is_some_and(|definer| {
            definer.defines(&Word {
                bytes,
                first,
                indent,
                before,
                after: &text[at..],
            })
        });
        if bytes.len() < MIN_NAME {
            continue;
        }
        let hash = hash(bytes, &text[place.start..]);
        if defines {
            found.defines.push(hash);
            if found.defines.len() == ENOUGH {
                found.enough = u32::try_from(at).ok();
            }
        }
        if found.uses.len() < MAX_NAMES && seen.is_new(hash) {
            found.uses.push(hash);
        }
    }
    found.uses.sort_unstable();
    found.defines.sort_unstable();
    found.defines.dedup();
    found
}

/// The hash of a word, with which `rest` begins; the same on every machine.
fn hash(word: &[u8], rest: &[u8]) -> u32 {
    let whole = match rest.first_chunk() {
        // Most are that short: what is behind it is shifted out.
        Some(eight) if word.len() <= 8 => {
            let eight = u64::from_le_bytes(*eight) << (64 - 8 * word.len());
            (eight ^ word.len() as u64).wrapping_mul(SPREAD)
        }
        _ => spread(word),
    };
    (whole >> 32) as u32
}

/// Multiplication by this spreads bits: 2⁶⁴ over the golden ratio, made odd (Knuth, TAOCP 3, 6.4).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

fn spread(word: &[u8]) -> u64 {
    let mut state = 0;
    for eight in word.chunks(8) {
        let mut bytes = [0; 8];
        bytes[8 - eight.len()..].copy_from_slice(eight);
        state = (state ^ u64::from_le_bytes(bytes) ^ eight.len() as u64).wrapping_mul(SPREAD);
        // Of a word of eight bytes or less this must be the whole of it.
        if word.len() > 8 {
            state ^= state >> 29;
        }
    }
    state
}

/// A set of hashes that is emptied in no time, and where the words of a text are.
#[derive(Default)]
struct Seen {
    runs: LineRuns,
    /// The round in which it was put there, above the hash.
    slots: Vec<u64>,
    round: u32,
    count: usize,
}

impl Seen {
    fn clear(&mut self) {
        self.count = 0;
        self.round = self.round.wrapping_add(1);
        if self.round == 0 || self.slots.is_empty() {
            self.round = 1;
            self.slots = vec![0; 1 << 12];
        }
    }

    fn is_new(&mut self, hash: u32) -> bool {
        if self.count * 2 >= self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![0; old.len() * 2];
            for slot in old {
                if (slot >> 32) as u32 == self.round {
                    self.put(slot);
                }
            }
        }
        let new = self.put(u64::from(self.round) << 32 | u64::from(hash));
        self.count += usize::from(new);
        new
    }

    fn put(&mut self, slot: u64) -> bool {
        let mask = self.slots.len() - 1;
        // Both halves of a hash tell slots apart.
        let mut at = ((slot as u32) ^ (slot as u32) >> 15) as usize & mask;
        loop {
            match self.slots[at] {
                same if same == slot => return false,
                other if (other >> 32) as u32 == self.round => at = (at + 1) & mask,
                _ => {
                    self.slots[at] = slot;
                    return true;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, names, scan};

    /// The hash of one name.
    fn hash(name: &str) -> u32 {
        names("a.txt", name).uses[0]
    }

    fn defines(path: &str, text: &str, name: &str) -> bool {
        names(path, text).defines.contains(&hash(name))
    }

    #[test]
    fn what_is_public_is_told_from_what_is_not_in_each_language() {
        for (path, text, public, private) in [
            (
                "a.rs",
                "pub fn greet() {}\npub(crate) fn hidden() {}\nfn inner() {}\npub const unsafe fn risky() {}",
                "greet risky",
                "hidden inner",
            ),
            (
                "a.rs",
                "pub struct Greeter { pub tone: u8 }\n#[cfg(test)]\nmod tests { pub fn later() {} }",
                "Greeter",
                "tone later",
            ),
            (
                "a.rs",
                "macro_rules! hello { () => {} }\nstruct Quiet;",
                "hello",
                "Quiet",
            ),
            (
                "a.py",
                "def greet(name):\n    def inner(): pass\nclass Greeter:\n    def polite(self): pass\n_def = 1\nLIMIT = 3\n",
                "greet Greeter polite LIMIT",
                "_def",
            ),
            (
                "a.ts",
                "export interface Greeting { tone: string }\nexport const polite = 1;\nclass Quiet {}\nexport { late, later }\n",
                "Greeting polite late later",
                "Quiet tone",
            ),
            (
                "a.go",
                "func Greet(name string) {}\nfunc (g *Greeter) Polite() {}\nfunc hidden() {}\ntype Greeter struct {}\n",
                "Greet Polite Greeter",
                "hidden string",
            ),
            (
                "a.h",
                "#define GREET_MAX 3\nstruct greeter {\n  int tone;\n};\nint greet_person(const char *name);\nstatic int hidden_one(void);\n",
                "GREET_MAX greeter greet_person",
                "tone hidden_one",
            ),
            (
                "A.java",
                "public class Greeter {\n  public String polite(String name) {}\n  private void hidden() {}\n}\n",
                "Greeter polite",
                "hidden String",
            ),
            (
                "a.nix",
                "{\n  mkGreeting = name: name;\n  checks.default = name == other;\n}\n",
                "mkGreeting default",
                "other name",
            ),
            (
                "a.sh",
                "greet() {\n  echo hello\n}\nfunction polite {\n  greet\n}\n",
                "greet polite",
                "echo hello",
            ),
        ] {
            for name in public.split(' ') {
                assert!(defines(path, text, name), "{path}: {name} is public");
            }
            for name in private.split(' ') {
                assert!(!defines(path, text, name), "{path}: {name} is not public");
            }
        }
    }

    #[test]
    fn names_are_counted_once_and_short_ones_not_at_all() {
        let found = names("a.md", "greet, greet and greet_all: don't run it. Grüße!");
        assert_eq!(found.uses.len(), 3);
        assert!(found.uses.is_sorted() && found.defines.is_empty());
        assert_eq!(found.words, 8);
    }

    #[test]
    fn a_set_that_is_used_again_and_grows_forgets_nothing_and_keeps_nothing() {
        let mut seen = Seen {
            round: u32::MAX - 1,
            ..Seen::default()
        };
        for _ in 0..4 {
            let text: String = (0..5000).map(|at| format!("name{at} name{at} ")).collect();
            assert_eq!(scan(None, text.as_bytes(), &mut seen).uses.len(), 5000);
        }
    }
}
