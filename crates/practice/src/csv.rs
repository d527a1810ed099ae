//! Tables as text: RFC 4180, written so that no spreadsheet runs a cell as a formula.

/// One line with its end.
pub fn line<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell.as_ref())).collect();
    cells.join(",") + "\r\n"
}

/// A cell that a spreadsheet would run as a formula begins with a quote mark instead.
fn quoted(cell: &str) -> String {
    let safe = if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}

/// As OWASP lists them (CSV injection).
const FORMULA: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// What a file is refused for, with the row counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A quote that never ends, or text behind one.
    Quote(usize),
    TooMany,
}

/// The rows of a file, without empty ones. Commas and semicolons both part cells, whichever the first line
/// has more of; the mark that `quoted` put before a formula is taken off again.
pub fn rows(text: &str, rows_max: usize) -> Result<Vec<Vec<String>>, Fault> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let comma = if first.matches(';').count() > first.matches(',').count() { ';' } else { ',' };
    let mut rows = vec![Vec::new()];
    let mut cell = String::new();
    let mut chars = text.chars().peekable();
    // Inside quotes, or just behind a closing one.
    let (mut quoted, mut closed) = (false, false);
    while let Some(c) = chars.next() {
        let at = rows.len();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => (quoted, closed) = (false, true),
            _ if quoted => cell.push(c),
            '"' if cell.is_empty() && !closed => quoted = true,
            '\r' => {}
            '\n' => {
                end_cell(&mut rows, &mut cell);
                rows.push(Vec::new());
                closed = false;
            }
            _ if c == comma => {
                end_cell(&mut rows, &mut cell);
                closed = false;
            }
            _ if closed => return Err(Fault::Quote(at)),
            _ => cell.push(c),
        }
        if rows.len() > rows_max {
            return Err(Fault::TooMany);
        }
    }
    if quoted {
        return Err(Fault::Quote(rows.len()));
    }
    end_cell(&mut rows, &mut cell);
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    Ok(rows)
}

fn end_cell(rows: &mut [Vec<String>], cell: &mut String) {
    let text = std::mem::take(cell);
    let trimmed = text.trim();
    let plain = trimmed.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(trimmed);
    if let Some(row) = rows.last_mut() {
        row.push(plain.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        let table = [("a", "a"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=1+1", "'=1+1")];
        let lines = [("\n=1", "\"'\n=1\""), ("\r=1", "\"'\r=1\"")];
        for (cell, wanted) in table.into_iter().chain(lines) {
            assert_eq!(quoted(cell), wanted);
        }
    }

    #[test]
    fn a_file_with_semicolons_or_a_mark_of_order_is_read() {
        let read = rows("\u{feff}kind;name\r\ndevice;\"Laptop; old\"\r\n\r\n", 10).unwrap();
        assert_eq!(read, [vec!["kind", "name"], vec!["device", "Laptop; old"]]);
        assert_eq!(rows("a,\"b\nc,d", 10), Err(Fault::Quote(1)));
        assert_eq!(rows("a\nb\nc\n", 2), Err(Fault::TooMany));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(cells in proptest::collection::vec("[a-z=+@,;\"'-]{1,8}", 1..5)) {
            prop_assume!(cells.iter().all(|cell| !cell.starts_with('\'')));
            let text = line(&["x,", "y"]) + &line(&cells);
            prop_assert_eq!(rows(&text, 10).unwrap()[1].clone(), cells);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = rows(&text, 20);
        }
    }
}
