//! Numbers and texts as bytes: little-endian, each list and text after its length in 32 bits.

use crate::tokens::hash;

/// What is written.
#[derive(Default)]
pub(super) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn u32(&mut self, number: u32) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub fn u64(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    /// What does not fit is written as the largest number, which no reader believes.
    pub fn length(&mut self, length: usize) {
        self.u32(u32::try_from(length).unwrap_or(u32::MAX));
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub fn numbers(&mut self, numbers: &[u32]) {
        self.length(numbers.len());
        numbers.iter().for_each(|number| self.u32(*number));
    }
}

/// What is read; none wherever it is too short.
pub(super) struct ByteReader<'b>(&'b [u8]);

impl<'b> ByteReader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'b [u8] {
        self.0
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    pub fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.u32()? as usize;
        self.take(length)
    }

    pub fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub fn numbers(&mut self) -> Option<Vec<u32>> {
        let length = self.u32()? as usize;
        let bytes = self.take(length.checked_mul(4)?)?;
        let number = |four: &[u8]| Some(u32::from_le_bytes(four.try_into().ok()?));
        bytes.chunks_exact(4).map(number).collect()
    }
}

/// A sum that shows damage; it keeps nobody from forging.
pub(super) fn sum(bytes: &[u8]) -> u64 {
    hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::{ByteReader, Writer};

    #[test]
    fn what_was_written_is_read_and_what_is_cut_is_not() {
        let mut writer = Writer::default();
        writer.u32(7);
        writer.u64(1 << 40);
        writer.text("Grüße");
        writer.numbers(&[1, 2, u32::MAX]);
        let read = |bytes: &[u8]| {
            let mut reader = ByteReader::new(bytes);
            let all = (
                reader.u32()?,
                reader.u64()?,
                reader.text()?.to_owned(),
                reader.numbers()?,
            );
            reader.rest().is_empty().then_some(all)
        };
        let whole = (7, 1 << 40, "Grüße".to_owned(), vec![1, 2, u32::MAX]);
        assert_eq!(read(&writer.0), Some(whole));
        for end in 0..writer.0.len() {
            assert_eq!(read(&writer.0[..end]), None);
        }
    }
}
