//! The bundle: tables that no spreadsheet runs, the reports of the year with their proofs, and a list of all
//! hashes under the report key.

use super::rules::{PERIOD_MS, Piece, practices};
use crate::csv;
use crate::facts::Sight;
use crate::signed_reports::proof::sha256;
use crate::trail_reviews::rules::Month;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::io::{Cursor, Write};
use vocabulary::UnixMillis;
use web::Ctx;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Where the list of all hashes stands in the bundle.
pub const MANIFEST: &str = "manifest.sha256";

pub type File = (String, Vec<u8>);

/// The tables. Days are those of the practice's zone.
pub fn tables(ctx: &Ctx, pieces: &[Piece], sight: &Sight) -> Vec<File> {
    let words = ctx.words.plain();
    let day = |at: UnixMillis| day(at, ctx.zone());
    let months = Month::since(ctx.now.plus_ms(-PERIOD_MS), ctx.now, ctx.zone());
    let mut summary =
        csv::line(&["practice", "name", "pieces", "first day", "last day", "months with proof"]);
    let mut head = vec!["practice".to_owned(), "name".to_owned()];
    head.extend(months.iter().map(|month| month.text()));
    let mut by_month = csv::line(&head);
    let mut observed = csv::line(&["practice", "fact", "seen"]);
    for practice in practices() {
        let own: Vec<&Piece> = pieces.iter().filter(|piece| piece.practice == practice.number).collect();
        let in_month = |month: &Month| own.iter().filter(|it| Month::of(it.at, ctx.zone()) == *month).count();
        let counts: Vec<usize> = months.iter().map(in_month).collect();
        let (number, name) = (practice.number.to_string(), practice.text(ctx.lang).to_owned());
        let edge = |piece: Option<&&Piece>| piece.map(|piece| day(piece.at)).unwrap_or_default();
        summary.push_str(&csv::line(&[
            number.clone(),
            name.clone(),
            own.len().to_string(),
            edge(own.first()),
            edge(own.last()),
            counts.iter().filter(|count| **count > 0).count().to_string(),
        ]));
        let mut row = vec![number.clone(), name];
        row.extend(counts.iter().map(usize::to_string));
        by_month.push_str(&csv::line(&row));
        for fact in &practice.facts {
            let seen = sight.value(fact).unwrap_or_default();
            observed.push_str(&csv::line(&[number.clone(), fact.clone(), unmarked(&seen)]));
        }
    }
    let mut all = csv::line(&["practice", "day", "recorded", "source", "what"]);
    for piece in pieces {
        let source = words.t(&format!("evidence-source-{}", piece.source.code()));
        let recorded = piece.recorded.map(day).unwrap_or_default();
        let what = unmarked(&piece.what);
        all.push_str(&csv::line(&[piece.practice.to_string(), day(piece.at), recorded, source, what]));
    }
    vec![
        ("practices.csv".into(), summary.into_bytes()),
        ("months.csv".into(), by_month.into_bytes()),
        ("evidence.csv".into(), all.into_bytes()),
        ("observed.csv".into(), observed.into_bytes()),
    ]
}

/// Sentences of pages hold marks of direction, which a table shows as boxes.
fn unmarked(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// In the form that `sha256sum --check` reads.
pub fn manifest(files: &[File]) -> Vec<u8> {
    let line = |(name, bytes): &File| format!("{}  {name}\n", sha256(bytes));
    files.iter().map(line).collect::<String>().into_bytes()
}

/// Files that are stored as they are: the whole is small.
pub fn zip(files: &[File]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

/// YYYY-MM-DD.
pub fn day(at: UnixMillis, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at.0).map(|at| at.to_zoned(zone).date().to_string()).unwrap_or_default()
}
