//! The little encoding that the payloads of the room share: numbers big-endian, fields with two bytes of
//! length in front. Refuses what is cut short or too long.

use crate::Outcome;

#[derive(Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    pub fn u8(mut self, value: u8) -> Writer {
        self.0.push(value);
        self
    }

    pub fn u64(self, value: u64) -> Writer {
        self.raw(&value.to_be_bytes())
    }

    pub fn field(self, value: &[u8]) -> Writer {
        let length = u16::try_from(value.len()).expect("our own fields are short");
        self.raw(&length.to_be_bytes()).raw(value)
    }

    pub fn text(self, value: &str) -> Writer {
        self.field(value.as_bytes())
    }

    pub fn raw(mut self, value: &[u8]) -> Writer {
        self.0.extend_from_slice(value);
        self
    }

    pub fn done(self) -> Vec<u8> {
        self.0
    }
}

pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    pub fn u8(&mut self) -> Outcome<u8> {
        Ok(self.raw(1)?[0])
    }

    pub fn field(&mut self) -> Outcome<&'a [u8]> {
        let length = self.raw(2)?;
        self.raw(usize::from(length[0]) << 8 | usize::from(length[1]))
    }

    pub fn text(&mut self) -> Outcome<String> {
        String::from_utf8(self.field()?.to_vec()).map_err(|_| "a text is not UTF-8".into())
    }

    pub fn raw(&mut self, length: usize) -> Outcome<&'a [u8]> {
        if length > self.0.len() {
            return Err("a payload is cut short".into());
        }
        let (part, rest) = self.0.split_at(length);
        self.0 = rest;
        Ok(part)
    }

    pub fn end(self) -> Outcome<()> {
        if self.0.is_empty() { Ok(()) } else { Err("a payload is too long".into()) }
    }
}
