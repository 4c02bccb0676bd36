//! Counts the tokens of texts that begin alike: what they have in common is counted once.

use crate::tokens;

/// Bytes between two places from which counting may go on.
const STEP: usize = 2048;

/// The text that was counted last.
#[derive(Default)]
pub(super) struct Meter {
    text: String,
    /// Places from which counting may go on, with the tokens up to there.
    marks: Vec<(usize, usize)>,
}

impl Meter {
    /// Tokens of a text.
    pub fn count(&mut self, text: &str) -> usize {
        let common = common(self.text.as_bytes(), text.as_bytes());
        // The sign behind a mark decides whether it is one.
        while self.marks.last().is_some_and(|(at, _)| *at + 4 > common) {
            self.marks.pop();
        }
        let (mut at, mut total) = self.marks.last().copied().unwrap_or_default();
        while let Some(next) = cut(text, at + STEP) {
            total += tokens::count(&text[at..next]);
            at = next;
            self.marks.push((at, total));
        }
        total += tokens::count(&text[at..]);
        text.clone_into(&mut self.text);
        total
    }
}

fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// The first place from `from` on where two words meet whatever stands before and behind: a line that begins with
/// neither white space, which belongs to the break before it, nor a slash, which may.
fn cut(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += text
            .as_bytes()
            .get(at..)?
            .iter()
            .position(|byte| *byte == b'\n')?
            + 1;
        let next = text[at..].chars().next()?;
        if !next.is_whitespace() && next != '/' {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Meter, tokens};

    #[test]
    fn a_text_has_as_many_tokens_as_when_it_is_counted_alone_whatever_was_counted_before() {
        let mut random = fastrand::Rng::with_seed(3);
        let pieces = [
            "fn greet()",
            "\n",
            "\n\n",
            " ",
            "    ",
            "//",
            "/",
            ";\n",
            "世界",
            "\u{301}",
            "x",
            "don't",
            "\r\n",
            "\u{a0}",
        ];
        let mut meter = Meter::default();
        let mut text = String::new();
        for _ in 0..120 {
            let mut end = random.usize(0..=text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
            text.extend((0..4000).map(|_| pieces[random.usize(..pieces.len())]));
            assert_eq!(meter.count(&text), tokens::count(&text));
        }
    }
}
