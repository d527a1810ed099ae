//! A signature drawn with a finger or a pen: an SVG path of straight strokes, read strictly. Pure.
//!
//! Refuses everything but `M` and `L` with whole numbers inside the pad, and what is no more than a dot:
//! what is kept in the signed copy can draw lines and nothing else.

use std::fmt::Write;

/// Units of the pad, which its own script draws on too.
pub const WIDTH: u16 = 320;
pub const HEIGHT: u16 = 120;
/// A long name drawn slowly; the script stops there.
pub const BYTES_MAX: usize = 6 * 1024;
/// Shorter than this, in units, is a slip of the finger.
const INK_MIN: u32 = 40;

/// Strokes that were read. Shows how somebody writes their name, so it has no `Debug`.
pub struct Drawn(Vec<(bool, u16, u16)>);

impl Drawn {
    /// Reads `M12 34 L56 78 …`. `None` for anything that this pad does not write.
    pub fn parse(text: &str) -> Option<Drawn> {
        if text.len() > BYTES_MAX {
            return None;
        }
        let mut points = Vec::new();
        let mut words = text.split_ascii_whitespace();
        while let Some(word) = words.next() {
            let (begins, x) = match word.strip_prefix('M') {
                Some(x) => (true, x),
                None => (false, word.strip_prefix('L')?),
            };
            points.push((begins, number(x, WIDTH)?, number(words.next()?, HEIGHT)?));
        }
        let starts = points.first().is_some_and(|(begins, ..)| *begins);
        (starts && ink(&points) >= INK_MIN).then_some(Drawn(points))
    }

    /// The same strokes as the value of an SVG `d`.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(self.0.len() * 9);
        for (begins, x, y) in &self.0 {
            let space = if path.is_empty() { "" } else { " " };
            // Writing into a text does not fail.
            let _ = write!(path, "{space}{}{x} {y}", if *begins { 'M' } else { 'L' });
        }
        path
    }
}

/// The hidden field of a form, empty for whoever typed instead. `Err` is the key of what is wrong.
pub fn field(text: &str) -> Result<Option<Drawn>, &'static str> {
    match text.trim() {
        "" => Ok(None),
        drawn => Drawn::parse(drawn).map(Some).ok_or("consent-drawn-wrong"),
    }
}

/// Digits alone: no sign, no point, no exponent.
fn number(text: &str, max: u16) -> Option<u16> {
    let plain = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| plain && *number <= max)
}

/// How far the pen went, in units along both axes.
fn ink(points: &[(bool, u16, u16)]) -> u32 {
    let stroke = |pair: &[(bool, u16, u16)]| match pair[1].0 {
        true => 0,
        false => u32::from(pair[0].1.abs_diff(pair[1].1)) + u32::from(pair[0].2.abs_diff(pair[1].2)),
    };
    points.windows(2).map(stroke).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_come_back_as_they_were_drawn() {
        let path = "M10 60 L60 20 L80 90 M100 60 L320 120";
        assert_eq!(Drawn::parse(path).unwrap().path(), path);
        assert_eq!(Drawn::parse("  M0 0\n L40 0 ").unwrap().path(), "M0 0 L40 0");
    }

    #[test]
    fn nothing_but_lines_inside_the_pad_is_read() {
        for path in [
            "",
            "L0 0 L90 0",
            "M0 0",
            "M0 0 L10 10",
            "M0 0 M100 100",
            "M0 0 L321 0",
            "M0 0 L0 121",
            "M0 0 L-90 0",
            "M0 0 L+90 0",
            "M0 0 L9e1 0",
            "M0 0 L90.5 0",
            "M0 0 L90",
            "M0 0 l90 0",
            "M0 0 C10 10 20 20 90 90",
            "M0 0 L90 0 Z",
            "M0 0 L90 0\"/><script>",
            "M0 0 L0090 0",
            "M0 0 L９0 0",
            "M0,0 L90,0",
            "url(#a)",
        ] {
            assert!(Drawn::parse(path).is_none(), "{path}");
        }
        let long = format!("M0 0{}", " L100 100".repeat(BYTES_MAX / 9 + 1));
        assert!(long.len() > BYTES_MAX && Drawn::parse(&long).is_none());
        assert!(Drawn::parse(&long[..4 + 9 * 600]).is_some(), "a long name fits");
    }
}
