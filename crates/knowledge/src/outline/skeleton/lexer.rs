//! The tokens of Rust, as far as telling bodies, comments and items apart takes.
//! Source of the rules: <https://doc.rust-lang.org/reference/tokens.html>.

use std::ops::Range;

/// As much of a token as matters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Token {
    /// The word `fn`.
    Fn,
    /// Any other word or number.
    Word(Range<usize>),
    /// A string, a character or a lifetime.
    Quoted,
    /// A comment without the line break behind it.
    Comment(Range<usize>),
    /// A byte that is none of these.
    Sign(u8),
}

/// A source and how far it was read.
pub(super) struct Lexer<'s> {
    bytes: &'s [u8],
    pub at: usize,
}

impl<'s> Lexer<'s> {
    pub fn new(source: &'s str) -> Self {
        Self {
            bytes: source.as_bytes(),
            at: 0,
        }
    }

    pub fn next(&mut self) -> Option<Token> {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        let start = self.at;
        let byte = *self.bytes.get(start)?;
        self.at += 1;
        Some(match (byte, self.bytes.get(self.at)) {
            (b'/', Some(b'/')) => {
                self.at = self.upto(self.at, b"\n").unwrap_or(self.bytes.len());
                Token::Comment(start..self.at)
            }
            (b'/', Some(b'*')) => {
                self.at += 1;
                self.comment();
                Token::Comment(start..self.at)
            }
            (b'"', _) => {
                self.string();
                Token::Quoted
            }
            (b'\'', _) => {
                self.quote();
                Token::Quoted
            }
            _ if is_word(byte) => self.word(start),
            _ => Token::Sign(byte),
        })
    }

    fn word(&mut self, start: usize) -> Token {
        self.skip_word();
        let word = &self.bytes[start..self.at];
        if word == b"fn" {
            return Token::Fn;
        }
        if matches!(word, b"r" | b"br" | b"cr") {
            let rest = &self.bytes[self.at..];
            let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
            if rest.get(hashes) == Some(&b'"') {
                let mut end = vec![b'"'];
                end.resize(1 + hashes, b'#');
                self.at = self.behind(self.at + hashes + 1, &end);
                return Token::Quoted;
            }
            if hashes == 1 {
                // `r#fn` is a name.
                self.at += 1;
                self.skip_word();
            }
        }
        Token::Word(start..self.at)
    }

    fn skip_word(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| is_word(*byte)) {
            self.at += 1;
        }
    }

    /// From behind the opening quote of a string to behind the closing one.
    fn string(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += match byte {
                b'\\' => 2,
                _ => 1,
            };
            if *byte == b'"' {
                return;
            }
        }
        self.at = self.bytes.len();
    }

    /// From behind an apostrophe: a character to its end, of a lifetime nothing.
    fn quote(&mut self) {
        let length = match self.bytes.get(self.at) {
            // What is escaped may be an apostrophe.
            Some(b'\\') => {
                self.at = self.behind(self.at + 2, b"'");
                return;
            }
            Some(0..0x80) => 1,
            Some(0..0xe0) => 2,
            Some(0..0xf0) => 3,
            Some(_) => 4,
            None => return,
        };
        if self.bytes.get(self.at + length) == Some(&b'\'') {
            self.at += length + 1;
        }
    }

    /// From behind `/*` to behind the `*/` that closes it; comments nest.
    fn comment(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            self.at += match self.bytes.get(self.at..) {
                Some([b'/', b'*', ..]) => {
                    depth += 1;
                    2
                }
                Some([b'*', b'/', ..]) => {
                    depth -= 1;
                    2
                }
                Some([_, ..]) => 1,
                _ => return,
            };
        }
    }

    fn upto(&self, from: usize, end: &[u8]) -> Option<usize> {
        let rest = self.bytes.get(from..)?;
        let found = rest.windows(end.len()).position(|window| window == end);
        found.map(|at| from + at)
    }

    /// Behind the next occurrence of `end`, or at the end of the source.
    fn behind(&self, from: usize, end: &[u8]) -> usize {
        self.upto(from, end)
            .map_or(self.bytes.len(), |at| at + end.len())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
