//! A document on its way to paper: words and how they belong together, and who turns them into a PDF.
//!
//! Refuses to know how: the binary plugs a printer in, or none.

use vocabulary::{Lang, UnixMillis};

/// The same paper gives the same bytes.
#[derive(Clone, Debug)]
pub struct Paper {
    pub title: String,
    pub lang: Lang,
    /// At the foot of every page.
    pub foot: String,
    pub made_at: UnixMillis,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub enum Part {
    /// Level 2 to 4 below the title.
    Heading(u8, String),
    Text(String),
    Strong(String),
    Soft(String),
    List(Vec<String>),
    Terms(Vec<(String, String)>),
    Table {
        caption: String,
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
}

pub trait Printer: Send + Sync {
    /// A PDF that can be read aloud, or a sentence for the log about why there is none.
    fn print(&self, paper: &Paper) -> Result<Vec<u8>, String>;
}

/// The printer of this installation. Without one there are pages alone.
#[derive(Clone, Default)]
pub struct Printing(pub Option<std::sync::Arc<dyn Printer>>);
