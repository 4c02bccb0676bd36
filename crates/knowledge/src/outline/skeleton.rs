//! Rust without what no outline shows: bodies of functions, types and macros, and comments that document nothing. Parsing
//! them is most of what an outline costs.

mod lexer;

use std::borrow::Cow;
use std::ops::Range;

use lexer::{Lexer, Token};

/// The source without all that, but for its line breaks, so that every item stays on its lines. Where braces do not
/// meet, what follows stays as it is.
pub(super) fn skeleton(source: &str) -> Cow<'_, str> {
    let mut cutter = Cutter {
        lexer: Lexer::new(source),
        source,
        short: String::new(),
        kept: 0,
        docs: Docs::default(),
        open: false,
    };
    cutter.items();
    if cutter.kept == 0 {
        return Cow::Borrowed(source);
    }
    cutter.short.push_str(&source[cutter.kept..]);
    Cow::Owned(cutter.short)
}

/// A run of lines of documentation, of which an outline shows the first paragraph.
#[derive(Default)]
struct Docs {
    /// Behind the last of them.
    end: usize,
    begun: bool,
    over: bool,
}

struct Cutter<'s> {
    lexer: Lexer<'s>,
    source: &'s str,
    short: String,
    /// What is before this is in `short`, or left out.
    kept: usize,
    docs: Docs,
    /// Some brace is never closed: nothing is cut behind it, nor looked for again and again.
    open: bool,
}

impl Cutter<'_> {
    /// Goes over the tokens outside of bodies.
    fn items(&mut self) {
        // Within how many brackets, and whether an item, a statement or a field may begin here.
        let (mut depth, mut fresh) = (0_usize, true);
        while let Some(token) = self.lexer.next() {
            let here = fresh && depth == 0;
            fresh = match token {
                Token::Comment(comment) => {
                    if here {
                        self.comment(comment);
                    }
                    continue;
                }
                Token::Fn => self.braces(),
                Token::Word(word) if here => match &self.source[word] {
                    // What an item is comes behind it.
                    "pub" => self.visibility(),
                    "struct" | "enum" | "union" => self.braces(),
                    word => self.expansion(word),
                },
                Token::Word(_) => false,
                Token::Sign(b'#') if here => self.attribute(),
                Token::Sign(sign) => {
                    match sign {
                        b'(' | b'[' => depth += 1,
                        b')' | b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    matches!(sign, b'{' | b'}' | b';') && depth == 0
                }
                Token::Quoted => false,
            };
        }
    }

    fn cut(&mut self, place: Range<usize>, instead: &str) {
        self.short.push_str(&self.source[self.kept..place.start]);
        self.short.push_str(instead);
        let gone = self.source[place.clone()].bytes();
        let breaks = gone.filter(|byte| *byte == b'\n').count();
        self.short.extend((0..breaks).map(|_| '\n'));
        self.kept = place.end;
    }

    /// Behind `fn` or what else has a name and braces: cuts what is in them.
    fn braces(&mut self) -> bool {
        let before = self.lexer.at;
        if self.skip_to_body() && self.body("") {
            return true;
        }
        self.lexer.at = before;
        false
    }

    /// Behind an opening brace: cuts up to the one that closes it.
    fn body(&mut self, instead: &str) -> bool {
        let start = self.lexer.at;
        let closed = !self.open && self.past_body();
        self.open = !closed;
        if closed {
            self.cut(start..self.lexer.at - 1, instead);
        }
        closed
    }

    /// Behind `pub`: goes behind `(crate)` and its like.
    fn visibility(&mut self) -> bool {
        let before = self.lexer.at;
        if self.lexer.next() == Some(Token::Sign(b'(')) {
            while let Some(token) = self.lexer.next()
                && token != Token::Sign(b')')
            {}
        } else {
            self.lexer.at = before;
        }
        true
    }

    /// From behind `fn` to behind the opening brace of its body.
    fn skip_to_body(&mut self) -> bool {
        if !matches!(self.lexer.next(), Some(Token::Word(_))) {
            return false;
        }
        let (mut depth, mut angles, mut before) = (0_usize, 0_usize, b' ');
        while let Some(token) = self.lexer.next() {
            let sign = match token {
                Token::Sign(sign) => sign,
                // A type within the signature.
                Token::Fn if self.lexer.next() == Some(Token::Sign(b'(')) => b'(',
                Token::Fn => return false,
                _ => {
                    before = b' ';
                    continue;
                }
            };
            match sign {
                b'(' | b'[' => depth += 1,
                b')' | b']' => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return false,
                },
                _ if depth > 0 => {}
                b'<' => angles += 1,
                b'>' if !matches!(before, b'-' | b'=') => angles = angles.saturating_sub(1),
                // `Foo<{ N }>`: no body yet.
                b'{' => return angles == 0,
                b'}' | b';' => return false,
                _ => {}
            }
            before = sign;
        }
        false
    }

    fn past_body(&mut self) -> bool {
        let mut depth = 1_usize;
        while let Some(token) = self.lexer.next() {
            match token {
                Token::Sign(b'{') => depth += 1,
                Token::Sign(b'}') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return true;
            }
        }
        false
    }

    /// Behind a word that begins an item: cuts what is in the braces of `word! { … }` and `macro_rules! name { … }`.
    fn expansion(&mut self, word: &str) -> bool {
        let before = self.lexer.at;
        let defined = word == "macro_rules";
        let mut opens = self.lexer.next() == Some(Token::Sign(b'!'))
            && (!defined || matches!(self.lexer.next(), Some(Token::Word(_))))
            && self.lexer.next() == Some(Token::Sign(b'{'));
        if opens && defined {
            // The signature ends where the first rule begins, so there must be one.
            let inside = self.lexer.at;
            let mut first = self.lexer.next();
            while matches!(first, Some(Token::Comment(_))) {
                first = self.lexer.next();
            }
            opens = !matches!(first, Some(Token::Sign(b'}')) | None);
            self.lexer.at = inside;
        }
        if opens && self.body(if defined { "() => {}" } else { "" }) {
            return true;
        }
        self.lexer.at = before;
        false
    }

    /// Behind `#`: goes behind the attribute, behind which an item may begin still.
    fn attribute(&mut self) -> bool {
        let before = self.lexer.at;
        let mut token = self.lexer.next();
        if token == Some(Token::Sign(b'!')) {
            token = self.lexer.next();
        }
        if token != Some(Token::Sign(b'[')) {
            self.lexer.at = before;
            return false;
        }
        let mut depth = 1_usize;
        while depth > 0 {
            match self.lexer.next() {
                Some(Token::Sign(b'[')) => depth += 1,
                Some(Token::Sign(b']')) => depth -= 1,
                Some(_) => {}
                None => break,
            }
        }
        true
    }

    /// Cuts a comment down to its marks where it documents nothing, or no first paragraph.
    fn comment(&mut self, place: Range<usize>) {
        let text = &self.source[place.clone()];
        if !text.starts_with("///") {
            let marks = match text.as_bytes() {
                [b'/', b'/', b'!', ..] => 3,
                [b'/', b'/', ..] => 2,
                _ => return,
            };
            self.cut(place.start + marks..place.end, "");
            return;
        }
        let between = &self.source[self.docs.end..place.start];
        if self.docs.end == 0 || !is_break(between) {
            self.docs = Docs::default();
        }
        self.docs.end = place.end;
        if self.docs.over {
            self.cut(place.start + 3..place.end, "");
        } else if text.trim_end() == "///" {
            self.docs.over = self.docs.begun;
        } else if text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            self.docs.begun = true;
        }
    }
}

/// Whether it is the white space from one line to the next.
fn is_break(between: &str) -> bool {
    between.trim().is_empty() && between.matches('\n').count() == 1
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::skeleton;

    #[test]
    fn bodies_go_and_everything_else_stays_on_its_line() {
        for (source, short) in [
            (
                "fn a() {\n  b();\n}\nfn c() { d }\n",
                "fn a() {\n\n}\nfn c() {}\n",
            ),
            (
                "pub(in a) struct B<T> where T: C, {\n d: T }",
                "pub(in a) struct B<T> where T: C, {\n}",
            ),
            (
                "enum A { B { c: u8 } } pub union D { e: u8 }",
                "enum A {} pub union D {}",
            ),
            (
                "pub struct A(u8); pub struct B; fn c() { d }",
                "pub struct A(u8); pub struct B; fn c() {}",
            ),
            (
                "fn a() { \"}\" } //}\nconst B: u8 = C { c }",
                "fn a() {} //\nconst B: u8 = C { c }",
            ),
            (
                "fn a<'a>(b: &'a str) -> char { '}' }",
                "fn a<'a>(b: &'a str) -> char {}",
            ),
            (
                "fn a() { '\\''; '{'; 'é'; r#\"}\"#; br\"}\"; /* } /* } */ */ }",
                "fn a() {}",
            ),
            (
                "fn a<T>(b: [u8; { 3 }]) -> T where T: Fn() -> u8, { b }",
                "fn a<T>(b: [u8; { 3 }]) -> T where T: Fn() -> u8, {}",
            ),
            (
                "fn a(b: fn(u8)) /* c */ { d }",
                "fn a(b: fn(u8)) /* c */ {}",
            ),
            (
                "trait A { fn b(); fn c() { d } const E: fn() = f; }",
                "trait A { fn b(); fn c() {} const E: fn() = f; }",
            ),
            ("fn r#fn() { r#fn() }", "fn r#fn() {}"),
            (
                "#[macro_export]\nmacro_rules! a {\n  (fn $b:ident) => { fn $b() { c } }\n}\n",
                "#[macro_export]\nmacro_rules! a {() => {}\n\n}\n",
            ),
            (
                "lazy! { static A: u8 = fn_() }\nstruct B;",
                "lazy! {}\nstruct B;",
            ),
        ] {
            assert_eq!(skeleton(source), short);
        }
    }

    #[test]
    fn comments_go_but_for_the_first_paragraph_of_documentation() {
        for (source, short) in [
            (
                "//! All.\n// x\nstruct A; // y\n",
                "//!\n//\nstruct A; //\n",
            ),
            (
                "/// One\n/// two.\n///\n/// Three.\n/// ```\nfn a() {}\n",
                "/// One\n/// two.\n///\n///\n///\nfn a() {}\n",
            ),
            (
                "///\n/// One.\n///\n\n/// Two.\nfn a();",
                "///\n/// One.\n///\n\n/// Two.\nfn a();",
            ),
            (
                "struct A(\n  // One.\n  u8);",
                "struct A(\n  // One.\n  u8);",
            ),
            ("type A = // One.\n u8;", "type A = // One.\n u8;"),
        ] {
            assert_eq!(skeleton(source), short);
        }
    }

    #[test]
    fn what_is_not_sure_stays_as_it_is() {
        for source in [
            "fn a() -> B<{ 3 }> { c }",
            "fn a() { b",
            "fn a() { /* }",
            "fn a() { \"}\n",
            "struct A(fn(u8) -> u8);",
            "macro_rules! a {}",
            "macro_rules! a { /* b */ }",
            "const A: u8 = b! { c };",
            "a! { b",
            "fn",
            "'",
            "r##\"",
            "#",
            "#[",
            "",
        ] {
            assert!(matches!(skeleton(source), Cow::Borrowed(_)), "{source}");
        }
    }

    #[test]
    fn hostile_sources_are_read_in_time() {
        for piece in [
            "fn a ",
            "fn a{",
            "a!{",
            "#[",
            "fn a fn(",
            "/*",
            "'",
            "r#\"",
            "macro_rules! a {",
        ] {
            let _ = skeleton(&piece.repeat(30_000));
        }
    }
}
