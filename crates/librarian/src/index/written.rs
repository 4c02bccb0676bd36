//! A sheet as bytes: numbers of seven bits to the byte, lowest first, each list after its length; numbers that rise as steps.

use super::sections::{Kind, Section};
use super::sheet::{Counts, Sheet};

impl Sheet {
    /// Appends it to `to`.
    pub fn write(&self, to: &mut Vec<u8>) {
        number(self.size, to);
        number(self.terms.len(), to);
        to.extend_from_slice(self.terms.as_bytes());
        for each in [&self.body, &self.defs, &self.comments] {
            counts(each, to);
        }
        number(self.pieces.len(), to);
        self.pieces.iter().for_each(|piece| counts(piece, to));
        number(self.names.len(), to);
        let mut last = 0;
        for name in &self.names {
            number((name - last) as usize, to);
            last = *name;
        }
        number(self.sections.len(), to);
        for (section, inside) in &self.sections {
            for text in [&section.trail, &section.name] {
                number(text.len(), to);
                to.extend_from_slice(text.as_bytes());
            }
            let definition = usize::from(section.kind == Kind::Definition);
            number(definition + 2 * usize::from(section.further), to);
            number(section.lines.0 as usize, to);
            number(section.lines.1 as usize, to);
            counts(inside, to);
        }
    }

    /// What [`Sheet::write`] wrote; none where it is anything else.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut from = Bytes(bytes);
        let size = from.number()?;
        let length = from.number()?;
        let terms = std::str::from_utf8(from.take(length)?).ok()?.to_owned();
        let known = match terms.is_empty() {
            true => 0,
            false => 1 + terms.bytes().filter(|byte| *byte == b' ').count(),
        };
        let (body, defs, comments) = (
            from.counts(known)?,
            from.counts(known)?,
            from.counts(known)?,
        );
        let pieces = from.length()?;
        let pieces = (0..pieces)
            .map(|_| from.counts(known))
            .collect::<Option<_>>()?;
        let mut names = Vec::new();
        let mut last = 0;
        for _ in 0..from.length()? {
            last = from.step(last, known)?;
            names.push(last);
        }
        let mut sections = Vec::new();
        for _ in 0..from.length()? {
            let (trail, name) = (from.text()?, from.text()?);
            let (kind, further) = match from.number()? {
                0 => (Kind::Prose, false),
                1 => (Kind::Definition, false),
                2 => (Kind::Prose, true),
                3 => (Kind::Definition, true),
                _ => return None,
            };
            let lines = (from.line()?, from.line()?);
            if lines.0 == 0 || lines.0 > lines.1 {
                return None;
            }
            let section = Section {
                trail,
                name,
                kind,
                lines,
                further,
            };
            sections.push((section, from.counts(known)?));
        }
        let sheet = Self {
            terms,
            body,
            defs,
            comments,
            pieces,
            names,
            sections,
            size,
        };
        from.0.is_empty().then_some(sheet)
    }
}

fn number(mut number: usize, to: &mut Vec<u8>) {
    while number >= 0x80 {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn counts(counts: &Counts, to: &mut Vec<u8>) {
    number(counts.len(), to);
    let mut last = 0;
    for (term, count) in counts {
        number((term - last) as usize, to);
        number(*count as usize, to);
        last = *term;
    }
}

/// What was not read yet.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..u32::BITS).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Of a list, of which each item takes a byte at least.
    fn length(&mut self) -> Option<usize> {
        self.number().filter(|length| *length <= self.0.len())
    }

    fn text(&mut self) -> Option<String> {
        let length = self.length()?;
        Some(std::str::from_utf8(self.take(length)?).ok()?.to_owned())
    }

    fn line(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn step(&mut self, last: u32, known: usize) -> Option<u32> {
        let next = last as usize + self.number()?;
        u32::try_from(next).ok().filter(|_| next < known)
    }

    fn counts(&mut self, known: usize) -> Option<Counts> {
        let length = self.length()?;
        let mut counts = Counts::with_capacity(length);
        let mut last = 0;
        for _ in 0..length {
            last = self.step(last, known)?;
            counts.push((last, u32::try_from(self.number()?).ok()?));
        }
        Some(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let text = "/// Reads a calendar day.\npub fn parse_date(text: &str) {}\n".repeat(50);
        Sheet::of("a.rs", Some(&text))
    }

    #[test]
    fn what_is_written_is_read_again() {
        for sheet in [
            sheet(),
            Sheet::of("a.bin", None),
            Sheet::of("a.md", Some("")),
        ] {
            let mut bytes = Vec::new();
            sheet.write(&mut bytes);
            assert_eq!(Sheet::read(&bytes), Some(sheet));
        }
    }

    #[test]
    fn bytes_that_were_damaged_are_refused_or_make_a_sheet_that_fits_together() {
        let mut bytes = Vec::new();
        sheet().write(&mut bytes);
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..20_000 {
            let mut damaged = bytes.clone();
            let at = random.usize(..damaged.len());
            damaged[at] = random.u8(..);
            damaged.truncate(random.usize(at..=bytes.len()));
            if let Some(read) = Sheet::read(&damaged) {
                let known = read.terms.split(' ').count();
                assert!(read.body.iter().all(|(term, _)| (*term as usize) < known));
            }
        }
    }
}
