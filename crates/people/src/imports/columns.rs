//! What each column of a list is. Pure.
//!
//! Owns the names that columns go by in English and Spanish, and the choices somebody makes on the page.
//! Refuses to guess what a cell means from its content, but for the order of day and month.

use super::file::Sheet;
use crate::patients::rules::fold;
use vocabulary::Lang;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The column is not read.
    Skip,
    Name,
    First,
    Last,
    Born,
    Email,
    Phone,
    Lang,
    Aids,
    Phrase,
}

impl Field {
    pub const ALL: [Field; 10] = [
        Field::Skip,
        Field::Name,
        Field::First,
        Field::Last,
        Field::Born,
        Field::Email,
        Field::Phone,
        Field::Lang,
        Field::Aids,
        Field::Phrase,
    ];

    /// The word's key is `import-field-` and the code.
    pub fn code(self) -> &'static str {
        match self {
            Field::Skip => "skip",
            Field::Name => "name",
            Field::First => "first",
            Field::Last => "last",
            Field::Born => "born",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::Lang => "lang",
            Field::Aids => "aids",
            Field::Phrase => "phrase",
        }
    }

    pub fn parse(code: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.code() == code)
    }

    /// Folded, letters alone.
    fn known_as(self) -> &'static [&'static str] {
        match self {
            Field::Skip => &[],
            Field::Name => &[
                "name",
                "fullname",
                "patient",
                "patientname",
                "nombrecompleto",
                "nombreyapellido",
                "nombreyapellidos",
                "paciente",
            ],
            Field::First => &["first", "firstname", "given", "givenname", "forename", "nombre", "nombres"],
            Field::Last => &["last", "lastname", "surname", "family", "familyname", "apellido", "apellidos"],
            Field::Born => &[
                "birthdate",
                "dateofbirth",
                "dob",
                "birthday",
                "born",
                "birth",
                "fechadenacimiento",
                "fechanacimiento",
                "nacimiento",
                "fnac",
                "fdn",
            ],
            Field::Email => {
                &["email", "mail", "emailaddress", "correo", "correoelectronico", "direcciondecorreo"]
            }
            Field::Phone => &[
                "phone",
                "telephone",
                "tel",
                "mobile",
                "cell",
                "cellphone",
                "phonenumber",
                "mobilephone",
                "telefono",
                "celular",
                "movil",
                "telefonocelular",
            ],
            Field::Lang => &["language", "lang", "preferredlanguage", "idioma", "lengua", "idiomapreferido"],
            Field::Aids => &["aids", "whathelps", "accommodations", "accessibility", "ayudas", "queayuda"],
            Field::Phrase => &["checkphrase", "phrase", "frasedecontrol", "frase"],
        }
    }
}

/// What somebody chose, or what was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    pub fields: Vec<Field>,
    /// 9/3/1961 is the ninth of March.
    pub day_first: bool,
    /// Of rows that name no language.
    pub lang: Lang,
}

/// What is wrong with the choices. The word's key is `import-columns-` and the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    NoName,
    NoBirthDate,
    Twice,
}

impl Fault {
    pub fn code(self) -> &'static str {
        match self {
            Fault::NoName => "no-name",
            Fault::NoBirthDate => "no-birth-date",
            Fault::Twice => "twice",
        }
    }
}

impl Choices {
    pub fn guess(sheet: &Sheet, lang: Lang) -> Choices {
        let mut fields = Vec::new();
        for head in &sheet.head {
            let folded: String = fold(head).chars().filter(char::is_ascii_alphabetic).collect();
            let known = Field::ALL.into_iter().find(|field| field.known_as().contains(&folded.as_str()));
            let free = known.filter(|field| !fields.contains(field));
            fields.push(free.unwrap_or(Field::Skip));
        }
        // "Nombre" beside no "Apellido" is the whole name.
        if !fields.contains(&Field::Last) && !fields.contains(&Field::Name) {
            fields.iter_mut().filter(|field| **field == Field::First).for_each(|field| *field = Field::Name);
        }
        let day_first = sheet_is_day_first(sheet, &fields);
        Choices { fields, day_first, lang }
    }

    pub fn fault(&self) -> Option<Fault> {
        let has = |field| self.fields.contains(&field);
        let twice = |field| self.fields.iter().filter(|one| **one == field).count() > 1;
        if Field::ALL.into_iter().any(|field| field != Field::Skip && twice(field)) {
            return Some(Fault::Twice);
        }
        let in_parts = has(Field::First) && has(Field::Last);
        if !has(Field::Name) && !in_parts {
            return Some(Fault::NoName);
        }
        (!has(Field::Born)).then_some(Fault::NoBirthDate)
    }

    /// As it is kept: codes alone.
    pub fn text(&self) -> String {
        let order = if self.day_first { "day" } else { "month" };
        let fields = self.fields.iter().map(|field| field.code());
        [order, self.lang.code()].into_iter().chain(fields).collect::<Vec<_>>().join(" ")
    }

    pub fn parse(text: &str) -> Option<Choices> {
        let mut words = text.split(' ');
        let day_first = words.next()? == "day";
        let lang = Lang::parse(words.next()?)?;
        let fields = words.map(Field::parse).collect::<Option<Vec<Field>>>()?;
        Some(Choices { fields, day_first, lang })
    }
}

/// A first number above 12 can only be a day. Without one, as in the United States: month first.
fn sheet_is_day_first(sheet: &Sheet, fields: &[Field]) -> bool {
    let Some(at) = fields.iter().position(|field| *field == Field::Born) else { return false };
    let dates = sheet.rows.iter().filter_map(|row| row.cells.get(at)).filter_map(|cell| numbers(cell));
    let first =
        dates.filter(|[first, ..]| first.len() <= 2).filter_map(|[first, ..]| first.parse::<u8>().ok());
    first.max().is_some_and(|first| first > 12)
}

/// The three numbers of a date, whatever stands between them; a time after them is let go.
pub fn numbers(cell: &str) -> Option<[&str; 3]> {
    let date = cell.trim().split([' ', 'T']).next().unwrap_or_default();
    let mut parts = date.split(['/', '-', '.']);
    let found = [parts.next()?, parts.next()?, parts.next()?];
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.next().is_none() && found.iter().all(digits)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::file::read;
    use super::*;

    fn guess(text: &str) -> Choices {
        Choices::guess(&read(text).ok().unwrap(), Lang::En)
    }

    #[test]
    fn columns_are_known_by_their_names_in_both_languages() {
        use Field::{Born, Email, First, Lang as Language, Last, Name, Phone, Skip};
        for (head, fields) in [
            (
                "Last Name,First name,DOB,E-mail,Phone,Language,MRN",
                vec![Last, First, Born, Email, Phone, Language, Skip],
            ),
            (
                "Apellidos;Nombre;Fecha de nacimiento;Correo electrónico;Teléfono;Idioma",
                vec![Last, First, Born, Email, Phone, Language],
            ),
            ("Nombre,Nacimiento,Celular,Celular", vec![Name, Born, Phone, Skip]),
        ] {
            assert_eq!(guess(&format!("{head}\nx")).fields, fields, "{head}");
        }
    }

    #[test]
    fn day_and_month_are_told_apart_where_they_can_be() {
        let day_first = |dates: &str| guess(&format!("name,dob\n{dates}")).day_first;
        assert!(day_first("x,3/4/1961\nx,21/4/1961"));
        assert!(!day_first("x,3/4/1961\nx,4/21/1961"));
        assert!(!day_first("x,3/4/1961"));
        assert!(!day_first("x,1961-03-21"));
    }

    #[test]
    fn a_choice_is_kept_as_codes_and_read_back() {
        let choices = guess("Name,DOB,Blue\nx,1961-03-09,y");
        assert_eq!(choices.text(), "month en name born skip");
        assert_eq!(Choices::parse(&choices.text()), Some(choices));
        assert_eq!(Choices::parse("month en colour"), None);
    }

    #[test]
    fn a_list_needs_a_name_and_a_birth_date_once() {
        let fault = |head: &str| guess(&format!("{head}\nx")).fault();
        assert_eq!(fault("Name,DOB"), None);
        assert_eq!(fault("First name,Last name,DOB"), None);
        assert_eq!(fault("Last name,DOB"), Some(Fault::NoName));
        assert_eq!(fault("Name,Phone"), Some(Fault::NoBirthDate));
        let twice = Choices::parse("month en name born born").unwrap();
        assert_eq!(twice.fault(), Some(Fault::Twice));
    }
}
