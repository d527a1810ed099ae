//! What comes out: a file that passes its own checks, says what it is, and breaks on no words.

use crate::layout::{Kind, lay_out};
use crate::letters::{Letters, Weight};
use crate::{Block, Document, PressError, pdf};

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Risk analysis 1".into(),
        lang: "en".into(),
        foot: "Harbor Family Practice".into(),
        made_at_ms: 1_790_000_000_000,
        blocks,
    }
}

fn table(rows: usize, words: &str) -> Block {
    Block::Table {
        caption: "All risks".into(),
        head: vec!["Risk".into(), "Level".into(), "Plan".into()],
        rows: (0..rows).map(|n| vec![format!("Risk {n}"), "High".into(), words.into()]).collect(),
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn the_file_is_tagged_and_says_its_language_and_title() {
    let blocks = vec![
        Block::Heading(2, "What holds health data".into()),
        Block::Text("First line\nSecond line".into()),
        Block::List(vec!["One".into(), "Two".into()]),
        Block::Terms(vec![("Likelihood".into(), "High".into())]),
        table(3, "Lock it"),
    ];
    let bytes = pdf(&document(blocks)).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    for wanted in
        ["/Lang(en)", "pdfuaid:part", "pdfaid:part", "/S/H1", "/S/H2", "/S/TH", "/S/LBody", "/S/Caption"]
    {
        let spaced = wanted.replacen("/S/", "/S /", 1).replacen("/Lang(", "/Lang (", 1);
        assert!(has(&bytes, wanted) || has(&bytes, &spaced), "{wanted}");
    }
}

#[test]
fn the_same_words_give_the_same_bytes() {
    let one = document(vec![Block::Text("¿Quién está cerca? Łódź".into()), table(2, "x")]);
    assert_eq!(pdf(&one).unwrap(), pdf(&one).unwrap());
}

#[test]
fn letters_without_a_shape_and_marks_of_direction_harm_nothing() {
    let letters = Letters::new().unwrap();
    assert_eq!(letters.printable("\u{2068}3\u{2069} of\t4\u{0} \u{202e}日本 Łódź"), "3 of 4 ?? Łódź");
    pdf(&document(vec![Block::Text("日本\u{0}\u{feff} שלום \u{10ffff}".into())])).unwrap();
}

#[test]
fn lines_stay_on_the_page_and_cells_in_their_columns() {
    let letters = Letters::new().unwrap();
    let long = "Donaudampfschifffahrtsgesellschaft".repeat(20);
    let words = "A door that closes and a sign on it. ".repeat(120);
    let blocks = vec![Block::Text(long.clone()), table(40, &words), table(3, &long)];
    let laid = lay_out(&document(blocks), &letters).unwrap();
    assert!(laid.pages.len() > 10);
    for mark in laid.pages.iter().flatten() {
        assert!(mark.y <= 792.0 - 60.0, "{}", mark.y);
        if let Kind::Words { text, style } = &mark.kind {
            let right = mark.x + letters.width(text.trim_end(), style.weight) * style.size;
            assert!(right <= 612.0 - 54.0 + 1.0, "{text} ends at {right}");
        }
    }
}

#[test]
fn a_document_without_end_is_refused() {
    let pages = vec![Block::Text("x\n".repeat(100_000))];
    assert!(matches!(pdf(&document(pages)), Err(PressError::TooLong)));
}

#[test]
fn a_table_without_rows_and_empty_words_are_left_out() {
    let none = Block::Table { caption: String::new(), head: vec!["A".into()], rows: Vec::new() };
    let blocks = vec![none, Block::Text("  \n ".into()), Block::List(Vec::new()), Block::Terms(Vec::new())];
    pdf(&document(blocks)).unwrap();
    assert!(Letters::new().unwrap().width("", Weight::Bold).abs() < f32::EPSILON);
}
