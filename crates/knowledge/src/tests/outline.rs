use crate::outline::{Symbol, SymbolKind, head, outline};

/// One line per symbol: `3-5 kind name +public ~test | signature | doc`.
pub fn lines(path: &str, text: &str) -> Vec<String> {
    outline(path, text).iter().map(line).collect()
}

fn line(symbol: &Symbol) -> String {
    let kind = match symbol.kind {
        SymbolKind::Function => "fn",
        SymbolKind::Type => "type",
        SymbolKind::Value => "value",
        SymbolKind::Module => "mod",
        SymbolKind::Section => "section",
    };
    let public = if symbol.public { " +" } else { "" };
    let test = if symbol.test { " ~" } else { "" };
    format!(
        "{}-{} {kind} {}{public}{test} | {} | {}",
        symbol.lines.0, symbol.lines.1, symbol.name, symbol.signature, symbol.doc
    )
}

#[test]
fn rust_items_have_signatures_docs_and_visibility() {
    let text = r#"//! Greets.

/// Says hello
/// to somebody.
///
/// More about it.
#[must_use]
pub fn greet(
    name: &str,
) -> String {
    fn inner() {}
    format!("Hello, {name}!")
}

fn helper() {} // not the doc of Greeter
pub struct Greeter { polite: bool }
pub struct Pair(u8, pub u8);
impl Greeter {
    /// Makes one.
    pub const fn new() -> Self { Self { polite: false } }
    fn private(&self) {}
}
impl Default for Greeter { fn default() -> Self { Self::new() } }
/** A trait. */
pub trait Greet<T: Clone> { const NAME: &str = "x"; fn greet(&self) -> T; }
pub(crate) enum Tone { Plain, Polite }
pub type Name = String;
pub const LIMIT: usize = 1 << 10;
#[macro_export]
macro_rules! hello { () => {}; }
pub mod inner { pub fn deep() {} }
extern "C" { fn c_greet(); }

#[cfg(test)]
mod tests {
    #[test]
    fn greets() {}
    fn tool() {}
}
#[tokio::test(flavor = "current_thread")]
async fn waits() {}
"#;
    assert_eq!(
        lines("src/lib.rs", text),
        [
            "8-13 fn greet + | pub fn greet( name: &str, ) -> String | Says hello to somebody.",
            "15-15 fn helper | fn helper() | ",
            "16-16 type Greeter + | pub struct Greeter | ",
            "17-17 type Pair + | pub struct Pair(u8, pub u8) | ",
            "20-20 fn new + | pub const fn new() -> Self | Makes one.",
            "21-21 fn private | fn private(&self) | ",
            "23-23 fn default | fn default() -> Self | ",
            "25-25 type Greet + | pub trait Greet<T: Clone> | A trait.",
            "25-25 value NAME + | const NAME: &str | ",
            "25-25 fn greet + | fn greet(&self) -> T | ",
            "26-26 type Tone | pub(crate) enum Tone | ",
            "27-27 type Name + | pub type Name = String | ",
            "28-28 value LIMIT + | pub const LIMIT: usize | ",
            "30-30 fn hello + | macro_rules! hello | ",
            "31-31 mod inner + | pub mod inner | ",
            "31-31 fn deep + | pub fn deep() | ",
            "32-32 fn c_greet | fn c_greet() | ",
            "35-39 mod tests ~ | mod tests | ",
            "37-37 fn greets ~ | fn greets() | ",
            "38-38 fn tool ~ | fn tool() | ",
            "41-41 fn waits ~ | async fn waits() | ",
        ]
    );
}

#[test]
fn python_definitions_have_docstrings_and_a_leading_underscore_makes_private() {
    let text = r#""""Greets."""
import os

# How many greetings at once.
LIMIT: int = 10
_cache = {}
a, b = 1, 2

def greet(name: str, *, polite=False) -> str:
    """Return a greeting
    for `name`.

    Details.
    """
    x = 1
    return f"Hello, {name}"

@dataclass
class Greeter(Base):
    r'''One line.'''
    tone: str = "plain"

    def __init__(self): ...
    @property
    async def tone(self) -> str: ...
    def _hidden(self): ...

class _Private:
    def seen(self): ...

try:
    import fast
except ImportError:
    def fast(): ...

def test_greets(): ...
class TestGreeter:
    def test_tone(self): ...
"#;
    assert_eq!(
        lines("greet.py", text),
        [
            "5-5 value LIMIT + | LIMIT: int | How many greetings at once.",
            "6-6 value _cache | _cache | ",
            "9-16 fn greet + | def greet(name: str, *, polite=False) -> str | Return a greeting for `name`.",
            "19-26 type Greeter + | class Greeter(Base) | One line.",
            "23-23 fn __init__ + | def __init__(self) | ",
            "25-25 fn tone + | async def tone(self) -> str | ",
            "26-26 fn _hidden | def _hidden(self) | ",
            "28-29 type _Private | class _Private | ",
            "29-29 fn seen | def seen(self) | ",
            "34-34 fn fast + | def fast() | ",
            "36-36 fn test_greets + ~ | def test_greets() | ",
            "37-38 type TestGreeter + ~ | class TestGreeter | ",
            "38-38 fn test_tone + ~ | def test_tone(self) | ",
        ]
    );
}

#[test]
fn javascript_is_public_where_it_is_exported() {
    let text = r#"/** Loads wasm. */
import { x } from "./x.js";

/**
 * Greets somebody.
 * @param {string} name
 */
export function greet(name) { return name; }
export const polite = (name) => `Dear ${name}`;
export default class Greeter {
  #tone = 1;
  constructor(tone) {}
  _hidden() {}
  static of() {}
}
const limit = 3, other = function () {};
class Late { say() {} }
async function* stream() {}
export { Late, stream as flow };

describe("greet", () => {
  it("says hello", async () => { expect(1); });
  test.skip(`later`, () => {});
});
init();
"#;
    assert_eq!(
        lines("src/greet.mjs", text),
        [
            "8-8 fn greet + | function greet(name) | Greets somebody.",
            "9-9 fn polite + | polite = (name) | ",
            "10-15 type Greeter + | class Greeter | ",
            "12-12 fn constructor + | constructor(tone) | ",
            "13-13 fn _hidden | _hidden() | ",
            "14-14 fn of + | static of() | ",
            "16-16 value limit | limit | ",
            "16-16 fn other | other = function () | ",
            "17-17 type Late + | class Late | ",
            "17-17 fn say + | say() | ",
            "18-18 fn stream + | async function* stream() | ",
            "21-24 fn greet ~ | describe(\"greet\" | ",
            "22-22 fn says hello ~ | it(\"says hello\" | ",
            "23-23 fn later ~ | test.skip(`later` | ",
        ]
    );
}

#[test]
fn common_js_exports_are_public_too() {
    let text = "function a() {}\nfunction b() {}\nexports.c = (x) => x;\nmodule.exports.d = 1;\nmodule.exports = { a, z: b };\n";
    assert_eq!(
        lines("index.js", text),
        [
            "1-1 fn a + | function a() | ",
            "2-2 fn b + | function b() | ",
            "3-3 fn c + | exports.c = (x) | ",
            "4-4 value d + | module.exports.d | ",
        ]
    );
}

#[test]
fn nix_attributes_of_the_result_are_public_and_those_of_a_let_are_not() {
    let text = r#"# Greets.
{
  description = "hello";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  outputs =
    { self, nixpkgs }:
    let
      # Not for others.
      helper = x: { inside = x; };
    in
    {
      /**
        Makes a greeting.

        More.
      */
      lib.mkGreeting = name: { polite ? false }: "Hello, ${name}";
      packages = forAllSystems (system: {
        # The tool.
        default = self;
      });
      checks = mkDerivation { name = "x"; };
    };
}
"#;
    assert_eq!(
        lines("flake.nix", text),
        [
            "3-3 value description + | description = \"hello\" | ",
            "4-4 value inputs.nixpkgs.url + | inputs.nixpkgs.url = \"github:NixOS/nixpkgs\" | ",
            "5-23 fn outputs + | outputs = { self, nixpkgs } | ",
            "9-9 fn helper | helper = x | Not for others.",
            "17-17 fn lib.mkGreeting + | lib.mkGreeting = name: { polite ? false } | Makes a greeting.",
            "18-21 value packages + | packages | ",
            "20-20 value default + | default = self | The tool.",
            "22-22 value checks + | checks | ",
        ]
    );
}

#[test]
fn shell_functions_are_found_at_any_indentation_of_the_top_level() {
    let text = "#!/usr/bin/env bash\n# Runs checks.\n\n# Prints a line.\nsay() {\n  echo \"$1\"\n}\nif true; then\n  function _hidden { :; }\nfi\n";
    assert_eq!(
        lines("checks/run", text),
        [
            "5-7 fn say + | say() | Prints a line.",
            "9-9 fn _hidden | function _hidden | ",
        ]
    );
}

#[test]
fn markdown_sections_end_where_the_next_of_their_level_begins_and_code_is_no_heading() {
    let text = "---\n# yaml: comment\n---\n# Hello #\n\nIt greets\npolitely.\n\n## Use\n```sh\n# not a heading\n```\n~~~\n```\n# nor this\n~~~\n### From C#\n#hashtag\n# Next\n";
    assert_eq!(
        lines("README.md", text),
        [
            "4-18 section Hello + | # Hello | It greets politely.",
            "9-18 section Use + | ## Use | ",
            "17-18 section From C# + | ### From C# | hashtag",
            "19-19 section Next + | # Next | ",
        ]
    );
}

#[test]
fn the_head_of_a_file_is_what_its_first_comment_says() {
    assert_eq!(
        head("a.rs", "//! Greets\n//! people.\n//!\n//! More.\n"),
        "Greets people."
    );
    assert_eq!(head("a.rs", "// Copyright x\n\n//! Greets.\n"), "Greets.");
    assert_eq!(
        head(
            "a.py",
            "#!/usr/bin/env python3\n\"\"\"Greets.\"\"\"\nx = 1\n"
        ),
        "Greets."
    );
    assert_eq!(head("a.py", "import x\n'''no'''\n"), "");
    assert_eq!(
        head("a.js", "/**\n * Greets.\n * @module\n */\n"),
        "Greets. @module"
    );
    assert_eq!(head("a.js", "/* Copyright 2020 x */\n"), "");
    assert_eq!(
        head("a.sh", "#!/bin/sh\n# Greets.\nset -e\n# no\n"),
        "Greets."
    );
    assert_eq!(head("flake.nix", "# Greets.\n{ }\n"), "Greets.");
    assert_eq!(head("README.md", "<p>\n\n# Hello\n"), "Hello");
    assert_eq!(head("a.bin", "# x"), "");
}

#[test]
fn broken_sources_still_show_what_can_be_read() {
    let text = "pub fn whole() {}\npub fn broken( {\nstruct After;\n";
    let names: Vec<_> = outline("a.rs", text).into_iter().map(|s| s.name).collect();
    assert!(names.contains(&"whole".to_owned()), "{names:?}");
    assert!(
        outline("a.py", "def ok(): ...\ndef (:\n")
            .iter()
            .any(|s| s.name == "ok")
    );
}

#[test]
fn hostile_sources_end_within_bounds_in_every_language() {
    let kinds = [
        "a.rs", "a.py", "a.js", "a.ts", "a.tsx", "a.go", "a.c", "a.cpp", "a.java", "a.nix", "a.sh",
        "a.md",
    ];
    let texts = [
        "(".repeat(5000),
        "{".repeat(5000),
        "mod a{".repeat(750),
        "class A {".repeat(750),
        "describe('a',()=>{".repeat(500),
        "{ a = ".repeat(750),
        "a: ".repeat(1500),
        "if true; then ".repeat(500),
        "\"".repeat(2500),
        "$(".repeat(2500),
        "<<A ".repeat(1250),
        "# ".repeat(300) + &"#".repeat(5000),
        "# a\n".repeat(2500),
        "fn a(){}\n".repeat(2500),
        "\u{0}\u{1}\u{202e}é".repeat(500),
        "///\n".repeat(2500),
        "#[a]".repeat(1250),
    ];
    for path in kinds {
        for text in &texts {
            let symbols = outline(path, text);
            assert!(symbols.len() <= 10_000, "{path}");
            for symbol in symbols {
                assert!(symbol.lines.0 >= 1 && symbol.lines.0 <= symbol.lines.1);
                assert!(symbol.signature.chars().count() <= 260);
            }
            assert!(head(path, text).chars().count() <= 420);
        }
    }
}

#[test]
fn a_file_too_large_to_be_read_has_no_outline() {
    assert_eq!(outline("a.rs", &"fn a(){}\n".repeat(200_000)), []);
}
