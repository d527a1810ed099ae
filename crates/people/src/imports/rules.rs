//! One row of a list: who it would add, what is wrong with it, whom it looks like. Pure.

use super::columns::{Choices, Field, numbers};
use super::file::Row;
use crate::patients::NewPatient;
use crate::patients::rules::{Typed, fold};
use jiff::civil::Date;
use vocabulary::Lang;

/// What is wrong with a cell. Its sentence says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub field: Field,
    pub code: &'static str,
}

impl Wrong {
    /// The faults of the form that adds one patient have their sentences there.
    pub fn key(self) -> String {
        let own = ["lang", "row-long", "date-form", "date-missing"];
        let of = if own.contains(&self.code) { "import" } else { "patient" };
        format!("{of}-fault-{}", self.code)
    }
}

/// All faults of the row at once.
pub fn patient(row: &Row, choices: &Choices, today: Date) -> Result<NewPatient, Vec<Wrong>> {
    if row.cells.len() > choices.fields.len() {
        // Its cells may stand under wrong names: nothing else can be said of it.
        return Err(vec![Wrong { field: Field::Skip, code: "row-long" }]);
    }
    let cell = |field| {
        let at = choices.fields.iter().position(|one| *one == field);
        at.and_then(|at| row.cells.get(at)).map_or("", String::as_str)
    };
    let name = match cell(Field::Name) {
        "" => format!("{} {}", cell(Field::First), cell(Field::Last)),
        name => name.to_owned(),
    };
    let born = cell(Field::Born);
    let date = date(born, choices.day_first);
    let [month, day, year] = date.unwrap_or_default().map(str::to_owned);
    let typed = Typed {
        name,
        month,
        day,
        year,
        email: cell(Field::Email).to_owned(),
        phone: cell(Field::Phone).to_owned(),
        lang: lang(cell(Field::Lang), choices.lang).map_or("", Lang::code).to_owned(),
        aids: cell(Field::Aids).to_owned(),
        check_phrase: cell(Field::Phrase).to_owned(),
    };
    typed.check(today).map_err(|faults| {
        let unread = !born.is_empty() && date.is_none();
        let code = |code| if unread && code == "date-missing" { "date-form" } else { code };
        faults.iter().map(|fault| Wrong { field: column(fault.field), code: code(fault.code) }).collect()
    })
}

/// Month, day, year.
fn date(cell: &str, day_first: bool) -> Option<[&str; 3]> {
    let [a, b, c] = numbers(cell)?;
    Some(match (a.len(), day_first) {
        (4, _) => [b, c, a],
        (_, true) => [b, a, c],
        (_, false) => [a, b, c],
    })
}

fn lang(cell: &str, otherwise: Lang) -> Option<Lang> {
    match fold(cell).as_str() {
        "" => Some(otherwise),
        "en" | "eng" | "english" | "ingles" | "en-us" => Some(Lang::En),
        "es" | "spa" | "spanish" | "espanol" | "castellano" | "es-us" | "es-mx" => Some(Lang::Es),
        _ => None,
    }
}

fn column(field: &str) -> Field {
    match field {
        "name" => Field::Name,
        "month" => Field::Born,
        "email" => Field::Email,
        "phone" => Field::Phone,
        "lang" => Field::Lang,
        "aids" => Field::Aids,
        "check_phrase" => Field::Phrase,
        _ => Field::Skip,
    }
}

/// Numbers of rows, as they are kept beside the list.
pub fn numbered(rows: &[u64]) -> String {
    rows.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

pub fn read_numbers(text: &str) -> Option<Vec<u64>> {
    text.split_whitespace().map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn row(cells: &[&str]) -> Row {
        Row { number: 2, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
    }

    fn read(choices: &str, cells: &[&str]) -> Result<NewPatient, Vec<Wrong>> {
        patient(&row(cells), &Choices::parse(choices).unwrap(), TODAY)
    }

    fn codes(cells: &[&str]) -> Vec<(Field, &'static str)> {
        let wrong = read("month en name born phone lang", cells).err().unwrap_or_default();
        wrong.into_iter().map(|one| (one.field, one.code)).collect()
    }

    #[test]
    fn a_row_makes_a_patient_in_either_order_of_dates() {
        for (order, born) in [
            ("month", "3/9/1961"),
            ("day", "09.03.1961"),
            ("day", "1961-03-09"),
            ("month", "1961-03-09 00:00"),
        ] {
            let choices = format!("{order} en last first born phone lang");
            let new = read(&choices, &["Núñez", "José", born, "555-010-0142", "Español"]).ok().unwrap();
            assert_eq!((new.name.as_str(), new.birth_date.text().as_str()), ("José Núñez", "1961-03-09"));
            assert_eq!(new.lang, Lang::Es);
        }
        let short = read("month es name born phone lang", &["Ana Ruiz", "3/9/1961", "555-010-0142"]);
        assert_eq!(short.ok().unwrap().lang, Lang::Es, "the language of rows without one");
    }

    #[test]
    fn every_fault_names_its_column() {
        let good = ["Ana Ruiz", "3/9/1961", "555-010-0142", ""];
        assert!(codes(&good).is_empty());
        let with = |at: usize, cell: &'static str| {
            let mut cells = good;
            cells[at] = cell;
            codes(&cells)
        };
        assert_eq!(with(0, ""), [(Field::Name, "name-missing")]);
        assert_eq!(with(1, ""), [(Field::Born, "date-missing")]);
        assert_eq!(with(1, "in March"), [(Field::Born, "date-form")]);
        assert_eq!(with(1, "9/31/1961"), [(Field::Born, "date-no-such-day")]);
        assert_eq!(with(1, "3/9/61"), [(Field::Born, "date-too-long-ago")]);
        assert_eq!(with(1, "3/9/2027"), [(Field::Born, "date-future")]);
        assert_eq!(with(2, "12"), [(Field::Phone, "phone")]);
        assert_eq!(with(2, ""), [(Field::Email, "contact-missing")]);
        assert_eq!(with(3, "Klingon"), [(Field::Lang, "lang")]);
        assert_eq!(codes(&["", "", "", "x"]).len(), 4, "all at once");
        assert_eq!(codes(&["Ruiz", "Ana", "3/9/1961", "1", "2"]), [(Field::Skip, "row-long")]);
    }
}
