//! From the bytes of a file to rows of cells. Pure.
//!
//! Owns encodings, separators and bounds. Refuses what is no text, and a list that is longer or wider than
//! somebody could look at.

/// Large enough for the longest list that is taken.
pub const BYTES_MAX: usize = 2 * 1024 * 1024;

/// More patients come in several files: each is looked at before it is added.
pub const ROWS_MAX: usize = 5_000;

pub const COLUMNS_MAX: usize = 40;

/// Whatever separates the most cells of the first line.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Empty,
    /// A spreadsheet or a picture, not a text.
    NotText,
    NoRows,
    TooManyRows,
    TooManyColumns,
}

impl Fault {
    /// The word's key is `import-file-` and the code.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Empty => "empty",
            Fault::NotText => "not-text",
            Fault::NoRows => "no-rows",
            Fault::TooManyRows => "too-many-rows",
            Fault::TooManyColumns => "too-many-columns",
        }
    }
}

/// The text of a file, and how it was written.
#[derive(Debug)]
pub struct Text {
    pub text: String,
    pub encoding: &'static str,
}

/// A text that names no encoding and is not UTF-8 is read as Windows-1252, which spreadsheets in the Americas
/// write; the page says so, because another one would give wrong letters.
pub fn decode(bytes: &[u8]) -> Result<Text, Fault> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    let (text, encoding) = match marked {
        Some((encoding, mark)) => {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
            (text.ok_or(Fault::NotText)?.into_owned(), encoding.name())
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), "UTF-8"),
            Err(_) => (encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), WINDOWS),
        },
    };
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    let binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.starts_with("PK\u{3}\u{4}") || text.contains(binary) {
        return Err(Fault::NotText);
    }
    Ok(Text { text, encoding })
}

pub const WINDOWS: &str = "windows-1252";

pub struct Row {
    /// As a spreadsheet counts, from 1; the first one names the columns.
    pub number: u64,
    pub cells: Vec<String>,
}

pub struct Sheet {
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

pub fn read(text: &str) -> Result<Sheet, Fault> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1, inside: 0 };
    for record in reader.records() {
        // The text is UTF-8 and rows may differ in length, so nothing is left to fail.
        let record = record.map_err(|_| Fault::NotText)?;
        let number = lines.number_of(&record);
        let cells: Vec<String> = record.iter().map(plain).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(Row { number, cells });
        }
        if rows.len() > ROWS_MAX + 1 {
            return Err(Fault::TooManyRows);
        }
    }
    let mut rows = rows.into_iter();
    let head = rows.next().ok_or(Fault::Empty)?.cells;
    if head.len() > COLUMNS_MAX {
        return Err(Fault::TooManyColumns);
    }
    let rows: Vec<Row> = rows.collect();
    if rows.is_empty() { Err(Fault::NoRows) } else { Ok(Sheet { head, rows }) }
}

/// Counts the rows of the sheet: a line break inside a cell begins a line of the file, and no row.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
    /// Of the lines so far, how many began inside a cell.
    inside: u64,
}

impl Lines<'_> {
    /// To be asked for every record, in order. A record's place is before the empty lines above it.
    fn number_of(&mut self, record: &csv::StringRecord) -> u64 {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(self.text.len());
        let empty = self.text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line += breaks(&self.text[self.at.min(start)..start + empty]);
        self.at = start + empty;
        let number = self.line.saturating_sub(self.inside);
        self.inside += record.iter().map(|cell| breaks(cell.as_bytes())).sum::<u64>();
        number
    }
}

fn breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn separator(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: &u8| {
        let mut quoted = false;
        line.bytes()
            .filter(|byte| {
                quoted ^= *byte == b'"';
                !quoted && byte == separator
            })
            .count()
    };
    // The first of equals: without any, there is one column and it does not matter.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Without the quote that keeps a spreadsheet from calculating: what `safe` wrote comes back as it was.
fn plain(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(CALCULATES) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

/// A cell that a spreadsheet does not take for a formula (CWE-1236).
pub fn safe(cell: &str) -> String {
    if cell.starts_with(CALCULATES) { format!("'{cell}") } else { cell.to_owned() }
}

const CALCULATES: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Rows as a file that a spreadsheet opens: UTF-8 with its mark, lines as RFC 4180 ends them.
pub fn write(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mark = "\u{feff}".as_bytes().to_vec();
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(mark);
    for row in rows {
        let safe: Vec<String> = row.iter().map(|cell| safe(cell)).collect();
        writer.write_record(&safe).expect("a vector takes every row");
    }
    writer.into_inner().expect("a vector needs no flush")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(u64, Vec<String>)> {
        read(text).ok().unwrap().rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    #[test]
    fn every_usual_encoding_is_read() {
        let text = "nombre;fecha\nJosé Núñez;1961-03-09";
        let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let windows = text.chars().map(|c| c as u32 as u8).collect::<Vec<u8>>();
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (bytes, name) in
            [(text.as_bytes().to_vec(), "UTF-8"), (marked, "UTF-8"), (windows, WINDOWS), (wide, "UTF-16LE")]
        {
            let read = decode(&bytes).unwrap();
            assert_eq!((read.text.as_str(), read.encoding), (text, name));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for (bytes, fault) in [
            (b"".as_slice(), Fault::Empty),
            (b" \r\n", Fault::Empty),
            (b"PK\x03\x04 a spreadsheet", Fault::NotText),
            (b"a,b\n\0,1", Fault::NotText),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault::NotText),
        ] {
            assert_eq!(decode(bytes).unwrap_err(), fault);
        }
    }

    #[test]
    fn comma_semicolon_and_tab_separate() {
        for text in ["a,b\n1,2", "a;b\n1;2", "a\tb\n1\t2", "\"a;;;\",b\n1,2"] {
            assert_eq!(cells(text), [(2, vec!["1".into(), "2".into()])], "{text}");
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let text = "a,b\r\n\r\n\"one\r\nmore\",2\r\n3,4\r\n,\r\n5,6\r\n";
        let rows: Vec<u64> = cells(text).into_iter().map(|(number, _)| number).collect();
        assert_eq!(rows, [3, 4, 6]);
    }

    #[test]
    fn a_list_has_bounds() {
        let fault = |text: &str| read(text).err().unwrap();
        assert_eq!(fault("a,b\n"), Fault::NoRows);
        assert_eq!(fault(&"x\n".repeat(ROWS_MAX + 2)), Fault::TooManyRows);
        assert!(read(&"x\n".repeat(ROWS_MAX + 1)).is_ok());
        assert_eq!(fault(&format!("{}\n1", "x,".repeat(COLUMNS_MAX))), Fault::TooManyColumns);
    }

    #[test]
    fn a_formula_goes_out_as_text_and_comes_back_as_it_was() {
        let wild = ["=1+1", "+1 555 010", "-3", "@name", "\tx", "'quoted", "plain, with comma", "two\nlines"];
        let row: Vec<String> = wild.iter().map(|cell| (*cell).to_owned()).collect();
        let bytes = write([vec!["h".into(); wild.len()], row].into_iter());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("'=1+1,'+1 555 010,'-3,'@name"));
        let back = cells(&decode(text.as_bytes()).unwrap().text).remove(0).1;
        assert_eq!(back[..4], wild[..4]);
        assert_eq!(back[5..], wild[5..]);
    }
}
