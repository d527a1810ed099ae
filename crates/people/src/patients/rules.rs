//! What a patient's entry may hold, how a birth date is read, and how names are folded for search. Pure.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use vocabulary::{Lang, UnixMillis};

/// Longer names are cut by no law, but a page must end somewhere.
pub const NAME_MAX: usize = 120;
/// RFC 5321 section 4.5.3.1.3 allows 256 with brackets.
pub const EMAIL_MAX: usize = 254;
pub const PHONE_MAX: usize = 24;
pub const AIDS_MAX: usize = 280;
pub const CHECK_PHRASE_MAX: usize = 60;
/// The oldest person on record lived 122 years.
const AGE_MAX: i16 = 130;
/// ITU-T E.164: at most 15 digits. Seven is the shortest local number in the United States.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// A day of the calendar, the second fact of an invitation. No `Debug`: it is health data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate(Date);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// At least one of the three fields is empty.
    Missing,
    /// No such day in the calendar.
    NoSuchDay,
    Future,
    TooLongAgo,
}

/// Which sentence a field of the form needs. The word key is `patient-fault-` and the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub code: &'static str,
}

/// The form as it was typed.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub month: String,
    pub day: String,
    pub year: String,
    pub email: String,
    pub phone: String,
    pub lang: String,
    pub aids: String,
    pub check_phrase: String,
}

impl Typed {
    /// From the fields of a form by name; what the form does not have is empty.
    pub fn of(fields: &std::collections::BTreeMap<String, String>) -> Typed {
        let text = |name: &str| fields.get(name).cloned().unwrap_or_default();
        Typed {
            name: text("name"),
            month: text("month"),
            day: text("day"),
            year: text("year"),
            email: text("email"),
            phone: text("phone"),
            lang: text("lang"),
            aids: text("aids"),
            check_phrase: text("check_phrase"),
        }
    }
}

/// A form that holds what a patient's entry needs.
pub struct NewPatient {
    pub name: String,
    pub birth_date: BirthDate,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub lang: Lang,
    pub aids: Option<String>,
    pub check_phrase: Option<String>,
}

impl BirthDate {
    /// Reads three typed numbers. `today` is the practice's own day.
    pub fn read(month: &str, day: &str, year: &str, today: Date) -> Result<BirthDate, DateFault> {
        let [month, day, year] = [month.trim(), day.trim(), year.trim()];
        if [month, day, year].iter().any(|part| part.is_empty()) {
            return Err(DateFault::Missing);
        }
        let number = |text: &str| text.parse::<i16>().map_err(|_| DateFault::NoSuchDay);
        let small = |text: &str| text.parse::<i8>().map_err(|_| DateFault::NoSuchDay);
        let date = Date::new(number(year)?, small(month)?, small(day)?).map_err(|_| DateFault::NoSuchDay)?;
        if date > today {
            return Err(DateFault::Future);
        }
        if date.year() < today.year() - AGE_MAX {
            return Err(DateFault::TooLongAgo);
        }
        Ok(BirthDate(date))
    }

    /// `YYYY-MM-DD`, as it is sealed.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Reads what `text` wrote.
    pub fn parse(text: &str) -> Option<BirthDate> {
        text.parse().ok().map(BirthDate)
    }

    pub fn date(&self) -> Date {
        self.0
    }

    /// Old enough to agree for themselves. State tables that say more for single services stand elsewhere.
    pub fn is_of_age(&self, today: Date) -> bool {
        let of_age = self.0.checked_add(jiff::Span::new().years(OF_AGE_YEARS));
        of_age.is_ok_and(|day| day <= today)
    }
}

/// The age of majority of most states.
const OF_AGE_YEARS: i64 = 18;

impl DateFault {
    pub fn code(self) -> &'static str {
        match self {
            DateFault::Missing => "date-missing",
            DateFault::NoSuchDay => "date-no-such-day",
            DateFault::Future => "date-future",
            DateFault::TooLongAgo => "date-too-long-ago",
        }
    }
}

impl Typed {
    /// All faults at once, in the order of the fields.
    pub fn check(&self, today: Date) -> Result<NewPatient, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |field, code| faults.push(Fault { field, code });
        let name = tidy(&self.name);
        match name.chars().count() {
            0 => fault("name", "name-missing"),
            count if count > NAME_MAX => fault("name", "name-long"),
            _ => {}
        }
        let birth_date = BirthDate::read(&self.month, &self.day, &self.year, today)
            .inspect_err(|wrong| fault("month", wrong.code()))
            .ok();
        let (email, phone) = (tidy(&self.email), tidy(&self.phone));
        if email.is_empty() && phone.is_empty() {
            fault("email", "contact-missing");
        }
        if !email.is_empty() && !is_email(&email) {
            fault("email", "email");
        }
        if !phone.is_empty() && !is_phone(&phone) {
            fault("phone", "phone");
        }
        let lang = Lang::parse(&self.lang);
        if lang.is_none() {
            fault("lang", "lang");
        }
        let (aids, check_phrase) = (tidy(&self.aids), tidy(&self.check_phrase));
        if aids.chars().count() > AIDS_MAX {
            fault("aids", "aids-long");
        }
        if check_phrase.chars().count() > CHECK_PHRASE_MAX {
            fault("check_phrase", "check-phrase-long");
        }
        match (birth_date, lang, faults.is_empty()) {
            (Some(birth_date), Some(lang), true) => Ok(NewPatient {
                name,
                birth_date,
                email: filled(email),
                phone: filled(phone),
                lang,
                aids: filled(aids),
                check_phrase: filled(check_phrase),
            }),
            _ => Err(faults),
        }
    }
}

/// The calendar day at this moment in this zone; an unknown zone is read as UTC.
pub fn day_in(now: UnixMillis, zone: &str) -> Date {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone).date()
}

/// The form of an address under which it is found again.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Lower case without accents, so that "Nuñez" is found by "nunez".
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(without_accent).collect()
}

/// Every typed word begins some word of the name. Nothing typed finds everybody.
pub fn finds(folded_name: &str, folded_typed: &str) -> bool {
    folded_typed.split_whitespace().all(|typed| words(folded_name).any(|word| word.starts_with(typed)))
}

fn words(folded_name: &str) -> impl Iterator<Item = &str> {
    folded_name.split(|c: char| c.is_whitespace() || c == '-' || c == '\'')
}

/// One line, single spaces, no control characters.
pub fn tidy(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The mail server has the last word; this only catches slips.
pub fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    email.len() <= EMAIL_MAX
        && email.is_ascii()
        && !email.contains(char::is_whitespace)
        && !local.is_empty()
        && !domain.contains('@')
        && domain.split('.').count() >= 2
        && domain.split('.').all(|label| !label.is_empty())
}

pub fn is_phone(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    phone.len() <= PHONE_MAX
        && PHONE_DIGITS.contains(&digits)
        && phone.chars().all(|c| c.is_ascii_digit() || " +-().x".contains(c))
}

fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ī' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' => 'u',
        'ñ' | 'ń' => 'n',
        'ç' | 'ć' | 'č' => 'c',
        'ş' | 'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        'ý' | 'ÿ' => 'y',
        '’' => '\'',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 21);

    fn typed() -> Typed {
        Typed {
            name: "  María   Álvarez ".into(),
            month: "03".into(),
            day: "9".into(),
            year: "1961".into(),
            email: "maria@example.org".into(),
            lang: "es".into(),
            ..Typed::default()
        }
    }

    fn codes(typed: &Typed) -> Vec<&'static str> {
        typed.check(TODAY).err().unwrap_or_default().iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_birth_date_is_read_from_three_fields() {
        let read = |month, day, year| BirthDate::read(month, day, year, TODAY).map(|date| date.text());
        assert_eq!(read("3", "09", " 1961 "), Ok("1961-03-09".into()));
        assert_eq!(read("11", "21", "2026"), Ok("2026-11-21".into()));
        assert_eq!(read("11", "22", "2026"), Err(DateFault::Future));
        assert_eq!(read("2", "29", "2023"), Err(DateFault::NoSuchDay));
        assert_eq!(read("13", "1", "1990"), Err(DateFault::NoSuchDay));
        assert_eq!(read("March", "1", "1990"), Err(DateFault::NoSuchDay));
        assert_eq!(read("3", "", "1990"), Err(DateFault::Missing));
        assert_eq!(read("3", "9", "61"), Err(DateFault::TooLongAgo));
    }

    #[test]
    fn a_whole_form_makes_a_patient() {
        let new = typed().check(TODAY).ok().unwrap();
        assert_eq!(new.name, "María Álvarez");
        assert!(new.phone.is_none() && new.lang == Lang::Es);
        assert!(BirthDate::parse(&new.birth_date.text()) == Some(new.birth_date));
    }

    #[test]
    fn every_slip_has_its_own_sentence() {
        type Spoil = fn(&mut Typed);
        let table: [(Spoil, &str); 9] = [
            (|form| form.name = "  ".into(), "name-missing"),
            (|form| form.name = "x".repeat(NAME_MAX + 1), "name-long"),
            (|form| form.day = String::new(), "date-missing"),
            (|form| form.email = "maria@example".into(), "email"),
            (|form| form.email = String::new(), "contact-missing"),
            (|form| form.phone = "12".into(), "phone"),
            (|form| form.phone = "call me".into(), "phone"),
            (|form| form.lang = "xx".into(), "lang"),
            (|form| form.check_phrase = "x".repeat(CHECK_PHRASE_MAX + 1), "check-phrase-long"),
        ];
        for (spoil, code) in table {
            let mut form = typed();
            spoil(&mut form);
            assert_eq!(codes(&form), [code]);
        }
        assert_eq!(codes(&Typed::default()).len(), 4);
    }

    #[test]
    fn names_are_found_by_the_beginnings_of_their_words() {
        let name = fold("María-José Núñez O’Brien");
        for typed in ["mar", "nunez", "JOSE nu", "brien", ""] {
            assert!(finds(&name, &fold(typed)), "{typed}");
        }
        for typed in ["unez", "mar x"] {
            assert!(!finds(&name, &fold(typed)), "{typed}");
        }
    }
}
