//! Press: a document that reads from top to bottom, as a tagged PDF that can be read aloud.
//!
//! Owns fonts, lines, pages and the tags of PDF/UA-1 (ISO 14289-1) in a file that lasts, PDF/A-2a
//! (ISO 19005-2). Refuses to know what the document is about: it gets words and how they belong together.
//! Letters that the fonts have no shape for are printed as a question mark.

mod draw;
mod layout;
mod letters;
#[cfg(test)]
mod tests;

/// What is printed. The same document gives the same bytes.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub title: String,
    /// Language of all its words, such as `en` (BCP 47).
    pub lang: String,
    /// Stands at the foot of every page, before the page's number.
    pub foot: String,
    /// Unix milliseconds.
    pub made_at_ms: i64,
    pub blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
pub enum Block {
    /// Level 2 to 4; the title is level 1.
    Heading(u8, String),
    /// Lines of their own become paragraphs of their own.
    Text(String),
    Strong(String),
    /// Less important than the rest, in grey.
    Soft(String),
    List(Vec<String>),
    /// Pairs of a name and what it stands for.
    Terms(Vec<(String, String)>),
    Table {
        caption: String,
        head: Vec<String>,
        /// As many cells each as the head; the first one names its row.
        rows: Vec<Vec<String>>,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum PressError {
    #[error("the document has more than {PAGES_AT_MOST} pages: shorten its texts")]
    TooLong,
    #[error("the fonts of the program cannot be read")]
    Fonts,
    #[error("no valid PDF came out: {0}")]
    Invalid(String),
}

/// A whole risk analysis with the longest notes stays below.
pub const PAGES_AT_MOST: usize = 1_500;

/// The PDF. It has passed the checks of PDF/UA-1 and PDF/A-2a that a writer can make by itself.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PressError> {
    let letters = letters::Letters::new().ok_or(PressError::Fonts)?;
    let laid = layout::lay_out(document, &letters)?;
    draw::draw(document, &letters, &laid)
}
