//! The fonts: which one has a letter, and how wide words are.

use krilla::text::{Font, Tag};
use rustybuzz::{Face, UnicodeBuffer, ttf_parser};
use std::cell::RefCell;
use std::collections::HashMap;

/// Atkinson Hyperlegible Next (OFL), cut for Latin letters and for the rarer ones.
const LATIN: &[u8] = include_bytes!("../fonts/atkinson-latin.ttf");
const LATIN_MORE: &[u8] = include_bytes!("../fonts/atkinson-latin-ext.ttf");

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    Plain,
    Bold,
}

impl Weight {
    fn value(self) -> f32 {
        match self {
            Weight::Plain => 400.0,
            Weight::Bold => 700.0,
        }
    }
}

pub struct Letters {
    plain: [Cut; 2],
    bold: [Cut; 2],
    /// Widths in ems of words that were measured before.
    known: RefCell<HashMap<(Weight, String), f32>>,
}

struct Cut {
    font: Font,
    face: Face<'static>,
}

/// Letters that stand in one font.
pub struct Run {
    pub font: Font,
    pub text: String,
    /// In ems.
    pub width: f32,
}

impl Letters {
    pub fn new() -> Option<Letters> {
        let both = |weight| Some([Cut::of(LATIN, weight)?, Cut::of(LATIN_MORE, weight)?]);
        Some(Letters { plain: both(Weight::Plain)?, bold: both(Weight::Bold)?, known: RefCell::default() })
    }

    /// Text that can be printed: no marks of direction, no control characters, `?` for what has no shape.
    pub fn printable(&self, text: &str) -> String {
        let shown = text.chars().filter(|letter| !is_mark(*letter)).map(|letter| match letter {
            letter if letter.is_whitespace() => ' ',
            letter if self.plain.iter().any(|cut| cut.has(letter)) => letter,
            _ => '?',
        });
        shown.collect()
    }

    /// Width of printable text in ems, kerning between words aside.
    pub fn width(&self, text: &str, weight: Weight) -> f32 {
        let key = (weight, text.to_owned());
        if let Some(width) = self.known.borrow().get(&key) {
            return *width;
        }
        let width = self.runs(text, weight).iter().map(|run| run.width).sum();
        self.known.borrow_mut().insert(key, width);
        width
    }

    pub fn runs(&self, text: &str, weight: Weight) -> Vec<Run> {
        let cuts = match weight {
            Weight::Plain => &self.plain,
            Weight::Bold => &self.bold,
        };
        let mut runs: Vec<(usize, String)> = Vec::new();
        for letter in text.chars() {
            let cut = cuts.iter().position(|cut| cut.has(letter)).unwrap_or(0);
            match runs.last_mut() {
                Some((last, run)) if *last == cut => run.push(letter),
                _ => runs.push((cut, letter.to_string())),
            }
        }
        runs.into_iter()
            .map(|(cut, text)| Run { font: cuts[cut].font.clone(), width: cuts[cut].width(&text), text })
            .collect()
    }
}

impl Cut {
    fn of(bytes: &'static [u8], weight: Weight) -> Option<Cut> {
        let font = Font::new_variable(bytes.into(), 0, &[(Tag::new(b"wght"), weight.value())])?;
        let mut face = Face::from_slice(bytes, 0)?;
        face.set_variation(ttf_parser::Tag::from_bytes(b"wght"), weight.value());
        Some(Cut { font, face })
    }

    fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some()
    }

    fn width(&self, text: &str) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a line is far shorter than what an f32 counts exactly"
        )]
        let width = units as f32 / self.face.units_per_em() as f32;
        width
    }
}

/// Says how letters are to be ordered or joined, and has no shape of its own.
fn is_mark(letter: char) -> bool {
    (letter.is_control() && !letter.is_whitespace())
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{feff}')
}
