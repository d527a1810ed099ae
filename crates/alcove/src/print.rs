//! The printer behind reports: what a slice wants on paper, handed to `press`. Built with the feature `pdf`.

use practice::print::{Paper, Part, Printer, Printing};
use press::{Block, Document};
use std::sync::Arc;

pub fn printing() -> Printing {
    Printing(Some(Arc::new(Press)))
}

struct Press;

impl Printer for Press {
    fn print(&self, paper: &Paper) -> Result<Vec<u8>, String> {
        let document = Document {
            title: paper.title.clone(),
            lang: paper.lang.code().into(),
            foot: paper.foot.clone(),
            made_at_ms: paper.made_at.0,
            blocks: paper.parts.iter().cloned().map(block).collect(),
        };
        press::pdf(&document).map_err(|why| why.to_string())
    }
}

fn block(part: Part) -> Block {
    match part {
        Part::Heading(level, text) => Block::Heading(level, text),
        Part::Text(text) => Block::Text(text),
        Part::Strong(text) => Block::Strong(text),
        Part::Soft(text) => Block::Soft(text),
        Part::List(items) => Block::List(items),
        Part::Terms(pairs) => Block::Terms(pairs),
        Part::Table { caption, head, rows } => Block::Table { caption, head, rows },
    }
}
