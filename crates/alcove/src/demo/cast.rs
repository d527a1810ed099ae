//! The people of the furnished practice. All of them are invented; phone numbers are from the range kept free
//! for fiction and mail addresses from RFC 2606.

use vocabulary::{Lang, Role};

/// Who has read the translations of the demo, and by which right: nobody real.
pub const READER: [&str; 2] = ["Ana Ríos", "read for this demo alone, by nobody real"];

pub const PRACTICE: &str = "Harbor Family Practice";
/// State and area of the demo's table of emergency numbers.
pub const EMERGENCY_PLACES: [(&str, &str); 2] = [("MA", "Suffolk County"), ("NH", "Hillsborough County")];
/// Name, language, basis of the qualification and its proof.
pub const INTERPRETERS: [(&str, &str, &str, &str); 3] = [
    ("Elena Ruiz", "spa", "cchi", "CHI-Spanish 204711"),
    ("Hoa Tran", "vie", "nbcmi", "CMI-Vietnamese 118820"),
    ("Marcus Field", "ase", "rid", "NIC 90215"),
];
/// By the number of the patient: language, interpreter, aids.
pub const NEEDS: [(usize, &str, bool, &[&str]); 3] = [
    (5, "spa", true, &[]),
    (6, "ase", true, &["captions"]),
    (2, "eng", false, &["large_print", "extra_time"]),
];
pub const PHONE: &str = "617-555-0142";
pub const ZONE: &str = "America/New_York";

/// As the demo prints it beside the patient's link.
pub const FIRST_PATIENT_BIRTH_DATE: &str = "April 12, 1985";

pub struct Member {
    pub name: &'static str,
    pub credentials: &'static str,
    pub licence: &'static str,
    pub roles: &'static [Role],
    pub lang: Lang,
    /// The name in the address of this person's sign-in link, where there is one.
    pub link: &'static str,
}

/// Ten people, every role among them. The first is the doctor of the visit that is due now.
pub const STAFF: [Member; 10] = [
    member("Dr. Amara Osei", "MD", "MA", &[Role::Clinician], "clinician"),
    member("Grace Lindqvist", "", "", &[Role::PrivacyOfficial], "privacy_official"),
    member("Theo Marchetti", "", "", &[Role::Desk], "desk"),
    member("Nadia Petrov", "RN", "MA", &[Role::Assistant], "assistant"),
    member("Samuel Adeyemi", "", "", &[Role::Administrator], "administrator"),
    member("Dr. Ruth Calloway", "MD", "MA", &[Role::Owner, Role::Clinician], "owner"),
    member("Ivan Castellanos", "", "", &[Role::SecurityOfficial], "security_official"),
    member("Dr. Mei-Lin Zhou", "DO", "MA", &[Role::Clinician], "clinician-2"),
    Member { lang: Lang::Es, ..member("Lucía Fuentes", "", "", &[Role::Desk], "desk-es") },
    member("Dr. Paul Hargreaves", "PhD", "MA", &[Role::Clinician], "clinician-3"),
];

const fn member(
    name: &'static str,
    credentials: &'static str,
    licence: &'static str,
    roles: &'static [Role],
    link: &'static str,
) -> Member {
    Member { name, credentials, licence, roles, lang: Lang::En, link }
}

pub struct Patient {
    pub name: &'static str,
    /// Year, month, day.
    pub born: (i16, i8, i8),
    pub lang: Lang,
    pub check_phrase: &'static str,
}

/// Forty patients. The first is expected now.
pub const PATIENTS: [Patient; 40] = [
    patient("Maria Alvarez", (1985, 4, 12), Lang::En, "blue kettle, Tuesday"),
    patient("James Whitfield", (1957, 11, 3), Lang::En, "green ladder, harbor"),
    patient("Rose Nakamura", (1949, 2, 27), Lang::En, "paper crane, noon"),
    patient("Sara Khan", (1990, 8, 19), Lang::En, "cedar box, Friday"),
    patient("Tom Becker", (1978, 6, 30), Lang::En, "red wagon, snow"),
    patient("Ana Duarte", (1993, 1, 15), Lang::Es, "silver spoon, river"),
    patient("Olu Bankole", (1982, 12, 9), Lang::En, "yellow boat, seven"),
    patient("Ingrid Sorensen", (1966, 3, 22), Lang::En, "wool scarf, March"),
    patient("Miguel Santos", (2001, 7, 4), Lang::Es, "orange tree, Sunday"),
    patient("Helen Papadakis", (1941, 10, 18), Lang::En, "olive branch, clock"),
    patient("DeShawn Carter", (1996, 5, 25), Lang::En, "brass bell, rooftop"),
    patient("Priya Raman", (1988, 9, 7), Lang::En, "jasmine tea, April"),
    patient("Walter Novak", (1953, 1, 31), Lang::En, "old compass, maple"),
    patient("Lucía Herrera", (1979, 11, 14), Lang::Es, "stone bridge, violet"),
    patient("Benjamin Katz", (1969, 4, 2), Lang::En, "chess knight, lamp"),
    patient("Fatima Noor", (1999, 12, 21), Lang::En, "desert moon, nine"),
    patient("Claire Dubois", (1974, 8, 8), Lang::En, "copper pan, garden"),
    patient("Jorge Medina", (1962, 2, 16), Lang::Es, "blue guitar, Monday"),
    patient("Evelyn Brooks", (1937, 6, 11), Lang::En, "button jar, winter"),
    patient("Noah Fischer", (2004, 3, 28), Lang::En, "skate park, ten"),
    patient("Aiko Tanabe", (1991, 10, 5), Lang::En, "plum blossom, train"),
    patient("Carlos Rivera", (1986, 7, 23), Lang::Es, "tall candle, May"),
    patient("Margaret Doyle", (1945, 9, 30), Lang::En, "tin whistle, fog"),
    patient("Andre Baptiste", (1971, 5, 13), Lang::En, "mango seed, island"),
    patient("Leila Haddad", (1994, 1, 9), Lang::En, "cinnamon stick, door"),
    patient("Peter Lindgren", (1959, 12, 1), Lang::En, "pine cone, lake"),
    patient("Rosa Jimenez", (1951, 8, 26), Lang::Es, "lace curtain, June"),
    patient("Kwame Mensah", (1983, 2, 4), Lang::En, "drum song, market"),
    patient("Emily Foster", (1998, 11, 20), Lang::En, "paper lantern, four"),
    patient("Dmitri Volkov", (1964, 6, 17), Lang::En, "iron gate, birch"),
    patient("Grace Okafor", (1976, 4, 29), Lang::En, "white heron, reed"),
    patient("Luis Ortega", (1989, 10, 12), Lang::Es, "clay pot, August"),
    patient("Hannah Weiss", (2000, 1, 24), Lang::En, "velvet coat, stage"),
    patient("Samir Patel", (1968, 7, 19), Lang::En, "cricket ball, dawn"),
    patient("Dorothy Simmons", (1939, 3, 6), Lang::En, "quilt square, pie"),
    patient("Felix Moreau", (1981, 9, 15), Lang::En, "vinyl record, rain"),
    patient("Isabel Navarro", (1997, 5, 8), Lang::Es, "sea shell, October"),
    patient("Marcus Bell", (1973, 12, 27), Lang::En, "baseball glove, hill"),
    patient("Yuki Mori", (1992, 2, 11), Lang::En, "glass wind chime"),
    patient("Teresa Vidal", (1955, 8, 3), Lang::Es, "rosemary, old clock"),
];

const fn patient(name: &'static str, born: (i16, i8, i8), lang: Lang, check_phrase: &'static str) -> Patient {
    Patient { name, born, lang, check_phrase }
}
