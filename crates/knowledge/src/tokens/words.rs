//! Splits a text into the words that o200k encodes one by one. The published pattern, whose alternatives stand here in
//! their order, is in <https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py>.

static CLASSES: &[u8] = include_bytes!("characters.classes");

/// Bits of a character's class: what may begin a word, what may end one (capitals and small
/// letters; letters without case and marks are both), letters, numbers, white space.
const FIRST: u8 = 1;
const REST: u8 = 2;
const LETTER: u8 = 4;
const NUMBER: u8 = 8;
const SPACE: u8 = 16;

/// The words of a text, in order; together they are the text.
pub(super) struct WordSplitter<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> WordSplitter<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Class and length of the character at a place; none behind the end.
    fn at(&self, place: usize) -> Option<(u8, usize)> {
        match *self.text.as_bytes().get(place)? {
            ascii @ 0..0x80 => Some((ASCII[usize::from(ascii)], 1)),
            _ => {
                let sign = self.text.get(place..)?.chars().next()?;
                Some((class(sign), sign.len_utf8()))
            }
        }
    }

    /// The first place from `from` on whose character is not of these classes.
    fn run(&self, from: usize, classes: u8) -> usize {
        let mut end = from;
        while let Some((class, length)) = self.at(end)
            && class & classes != 0
        {
            end += length;
        }
        end
    }

    fn end(&self) -> usize {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let Some((class, length)) = self.at(start) else {
            return bytes.len();
        };
        // `[^\r\n\p{L}\p{N}]?` before letters
        let prefix = class & (LETTER | NUMBER) == 0 && !is_break(bytes[start]);
        let behind = start + length;
        let word = |small| {
            let with = if prefix {
                self.letters(behind, small)
            } else {
                None
            };
            with.or_else(|| self.letters(start, small))
        };
        let begins = class & (FIRST | REST) != 0
            || prefix
                && self
                    .at(behind)
                    .is_some_and(|(next, _)| next & (FIRST | REST) != 0);
        if begins && let Some(end) = word(true).or_else(|| word(false)) {
            return end + contraction(&bytes[end..]);
        }
        if class & NUMBER != 0 {
            // `\p{N}{1,3}`
            let mut end = behind;
            for _ in 1..3 {
                match self.at(end) {
                    Some((class, length)) if class & NUMBER != 0 => end += length,
                    _ => break,
                }
            }
            return end;
        }
        // ` ?[^\s\p{L}\p{N}]+[\r\n/]*`
        let other = if bytes[start] == b' ' { behind } else { start };
        if let Some(end) = self.others(other) {
            let more = bytes[end..]
                .iter()
                .take_while(|byte| is_break(**byte) || **byte == b'/');
            return end + more.count();
        }
        let end = self.run(start, SPACE);
        // `\s*[\r\n]+`
        if let Some(last) = bytes[start..end].iter().rposition(|byte| is_break(*byte)) {
            return start + last + 1;
        }
        // `\s+$`, `\s+(?!\S)`, `\s+`: the last of several stays with what follows.
        if end == bytes.len() {
            return end;
        }
        let last = self.text[start..end]
            .chars()
            .next_back()
            .map_or(1, char::len_utf8);
        if end - last > start { end - last } else { end }
    }

    /// `[first]*[rest]+` where `small`, else `[first]+[rest]*`.
    fn letters(&self, from: usize, small: bool) -> Option<usize> {
        let mut end = from;
        // Behind the last character that could also be one of the rest.
        let mut both = None;
        while let Some((class, length)) = self.at(end)
            && class & FIRST != 0
        {
            end += length;
            if class & REST != 0 {
                both = Some(end);
            }
        }
        let rest = self.run(end, REST);
        match small {
            true if rest > end => Some(rest),
            true => both,
            false => (end > from).then_some(rest),
        }
    }

    /// `[^\s\p{L}\p{N}]+`
    fn others(&self, from: usize) -> Option<usize> {
        let mut end = from;
        while let Some((class, length)) = self.at(end)
            && class & (SPACE | LETTER | NUMBER) == 0
        {
            end += length;
        }
        (end > from).then_some(end)
    }
}

impl<'t> Iterator for WordSplitter<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        self.at = self.end();
        self.text.get(start..self.at)
    }
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`; without case, `ſ` is an s.
fn contraction(rest: &[u8]) -> usize {
    if rest.first() != Some(&b'\'') {
        return 0;
    }
    let lower = |at: usize| rest.get(at).map(u8::to_ascii_lowercase);
    match (lower(1), lower(2)) {
        (Some(b's' | b't' | b'm' | b'd'), _) => 2,
        (Some(b'r' | b'v'), Some(b'e')) | (Some(b'l'), Some(b'l')) => 3,
        (Some(0xc5), Some(0xbf)) => 3,
        _ => 0,
    }
}

static ASCII: [u8; 128] = {
    let mut table = [0; 128];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        table[at] = if byte.is_ascii_uppercase() {
            FIRST | LETTER
        } else if byte.is_ascii_lowercase() {
            REST | LETTER
        } else if byte.is_ascii_digit() {
            NUMBER
        } else if matches!(byte, b' ' | 9..=13) {
            SPACE
        } else {
            0
        };
        at += 1;
    }
    table
};

/// The class of a character, by the tables of Unicode that build.rs wrote.
fn class(sign: char) -> u8 {
    let run = |at: usize| match CLASSES.get(4 * at..4 * at + 4) {
        Some([a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]),
        _ => u32::MAX,
    };
    let (mut low, mut high) = (0, CLASSES.len() / 4);
    while low + 1 < high {
        let middle = low.midpoint(high);
        if run(middle) >> 8 <= u32::from(sign) {
            low = middle;
        } else {
            high = middle;
        }
    }
    (run(low) & 0xff) as u8
}
