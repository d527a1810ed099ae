//! Pages to PDF: what is drawn, what it means, and where the outline leads.

use crate::layout::{Kind, Laid, Mark, PAGE, Part, SIDE, Style, Tone, WIDTH};
use crate::letters::{Letters, Weight};
use crate::{Document, PressError};
use jiff::Timestamp;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagTree,
};
use krilla::text::TextDirection;
use std::num::NonZeroU16;

const FOOT: f32 = 792.0 - 40.0;
const FOOT_STYLE: Style = Style { size: 8.0, weight: Weight::Plain, tone: Tone::Soft };

pub fn draw(document: &Document, letters: &Letters, laid: &Laid) -> Result<Vec<u8>, PressError> {
    let invalid = |why: &dyn std::fmt::Debug| PressError::Invalid(format!("{why:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .with_archival_validator(Archival::A2_A)
        .finish()
        .map_err(|why| invalid(&why))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let mut found: Vec<Vec<Identifier>> = (0..laid.leaves).map(|_| Vec::new()).collect();
    for (number, marks) in laid.pages.iter().enumerate() {
        let page = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| invalid(&"a page without size"))?;
        let mut page = pdf.start_page_with(page);
        let mut surface = page.surface();
        for mark in marks {
            let tag = match mark.leaf {
                Some(_) => ContentTag::Span(SpanTag::empty()),
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            };
            let identifier = surface.start_tagged(tag);
            put(&mut surface, letters, mark);
            surface.end_tagged();
            if let Some(leaves) = mark.leaf.and_then(|leaf| found.get_mut(leaf)) {
                leaves.push(identifier);
            }
        }
        foot(&mut surface, letters, document, (number + 1, laid.pages.len()));
        surface.finish();
        page.finish();
    }
    pdf.set_tag_tree(tree(document, laid, &mut found));
    pdf.set_outline(outline(laid));
    pdf.set_metadata(metadata(document));
    pdf.finish().map_err(|why| invalid(&why))
}

fn colour(tone: Tone) -> rgb::Color {
    match tone {
        Tone::Ink => rgb::Color::new(0x1d, 0x2b, 0x2f),
        Tone::Soft => rgb::Color::new(0x57, 0x67, 0x6b),
        Tone::Accent => rgb::Color::new(0x0a, 0x4f, 0x44),
    }
}

fn put(surface: &mut Surface<'_>, letters: &Letters, mark: &Mark) {
    match &mark.kind {
        Kind::Words { text, style } => words(surface, letters, (mark.x, mark.y), (text, *style)),
        Kind::Rule { width, tone } => {
            let mut line = PathBuilder::new();
            line.move_to(mark.x, mark.y);
            line.line_to(mark.x + width, mark.y);
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: colour(*tone).into(), width: 0.4, ..Stroke::default() }));
            if let Some(line) = line.finish() {
                surface.draw_path(&line);
            }
            surface.set_stroke(None);
        }
    }
}

fn words(surface: &mut Surface<'_>, letters: &Letters, (x, y): (f32, f32), (text, style): (&str, Style)) {
    surface.set_fill(Some(Fill { paint: colour(style.tone).into(), ..Fill::default() }));
    let mut x = x;
    for run in letters.runs(text, style.weight) {
        let at = Point::from_xy(x, y);
        surface.draw_text(at, run.font, style.size, &run.text, false, TextDirection::LeftToRight);
        x += run.width * style.size;
    }
}

fn foot(surface: &mut Surface<'_>, letters: &Letters, document: &Document, (page, of): (usize, usize)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let number = format!("{page} / {of}");
    let wide = letters.width(&number, FOOT_STYLE.weight) * FOOT_STYLE.size;
    words(surface, letters, (SIDE, FOOT), (&letters.printable(&document.foot), FOOT_STYLE));
    words(surface, letters, (SIDE + WIDTH - wide, FOOT), (&number, FOOT_STYLE));
    surface.end_tagged();
}

/// The document as somebody hears it.
fn tree(document: &Document, laid: &Laid, found: &mut [Vec<Identifier>]) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(document.lang.clone()));
    for part in &laid.parts {
        match part {
            Part::Heading(level, text, leaf) => {
                let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
                tree.push(filled(TagGroup::new(Tag::Hn(level, Some(text.clone()))), *leaf, found));
            }
            Part::Text(leaf) => tree.push(filled(TagGroup::new(Tag::P), *leaf, found)),
            Part::List(items) => {
                let mut list = TagGroup::new(Tag::L(ListNumbering::Disc));
                for (bullet, words) in items {
                    let mut item = TagGroup::new(Tag::LI);
                    item.push(filled(TagGroup::new(Tag::Lbl), *bullet, found));
                    item.push(filled(TagGroup::new(Tag::LBody), *words, found));
                    list.push(item);
                }
                tree.push(list);
            }
            Part::Table { caption, head, rows } => tree.push(table(caption.as_ref(), (head, rows), found)),
        }
    }
    tree
}

fn table(
    caption: Option<&usize>,
    (head, rows): (&[usize], &[Vec<usize>]),
    found: &mut [Vec<Identifier>],
) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table);
    if let Some(leaf) = caption {
        table.push(filled(TagGroup::new(Tag::Caption), *leaf, found));
    }
    if !head.is_empty() {
        let mut line = TagGroup::new(Tag::TR);
        for leaf in head {
            line.push(filled(TagGroup::new(Tag::TH(TableHeaderScope::Column)), *leaf, found));
        }
        let mut group = TagGroup::new(Tag::THead);
        group.push(line);
        table.push(group);
    }
    let mut body = TagGroup::new(Tag::TBody);
    for row in rows {
        let mut line = TagGroup::new(Tag::TR);
        for (column, leaf) in row.iter().enumerate() {
            let cell = match column {
                0 => TagGroup::new(Tag::TH(TableHeaderScope::Row)),
                _ => TagGroup::new(Tag::TD),
            };
            line.push(filled(cell, *leaf, found));
        }
        body.push(line);
    }
    table.push(body);
    table
}

fn filled(mut group: TagGroup, leaf: usize, found: &mut [Vec<Identifier>]) -> TagGroup {
    for identifier in found.get_mut(leaf).map(std::mem::take).unwrap_or_default() {
        group.push(identifier);
    }
    group
}

/// Two levels: parts, and what stands in each.
fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    let mut open: Option<OutlineNode> = None;
    for (level, text, page, y) in laid.outline.iter().filter(|(level, ..)| *level < 4) {
        let node = OutlineNode::new(text.clone(), XyzDestination::new(*page, Point::from_xy(SIDE, *y)));
        match (&mut open, level) {
            (Some(parent), 3) => parent.push_child(node),
            _ => {
                if let Some(done) = open.replace(node) {
                    outline.push_child(done);
                }
            }
        }
    }
    if let Some(done) = open {
        outline.push_child(done);
    }
    outline
}

fn metadata(document: &Document) -> Metadata {
    let at = Timestamp::from_millisecond(document.made_at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(document.title.clone())
        .language(document.lang.clone())
        .creator("Alcove".into())
        .creation_date(made)
}
