//! The catalogue: parity, marks, days and hours.

use super::*;
use vocabulary::UnixMillis;

const ZONE: &str = "America/New_York";
const AT: UnixMillis = UnixMillis(1_795_289_400_000);

fn catalog(en: &'static str, es: &'static str) -> Result<Arc<Catalog>, Gaps> {
    Catalog::new(&[Locale { owner: "test", en, es }])
}

#[test]
fn english_and_spanish_say_the_same_things() {
    Catalog::new(&[]).map(|_| ()).unwrap();
}

#[test]
fn a_key_that_one_language_lacks_is_refused() {
    let gaps = catalog("test-a = A\ntest-b = B\n", "test-a = A\n").err().unwrap();
    assert_eq!(gaps.0, ["test-b is there in en, not in es"]);
}

#[test]
fn a_variable_that_one_language_lacks_is_refused() {
    assert!(catalog("test-a = { $n } visits\n", "test-a = visitas\n").is_err());
}

#[test]
fn a_key_of_two_slices_is_refused() {
    let twice = Locale { owner: "two", en: "test-a = A\n", es: "test-a = A\n" };
    assert!(Catalog::new(&[twice, Locale { owner: "three", ..twice }]).is_err());
}

#[test]
fn marks_stand_around_arguments_on_pages_and_never_in_mail() {
    let catalog = catalog("test-hi = Hello, { $name }.\n", "test-hi = Hola, { $name }.\n").unwrap();
    let words = catalog.words(Lang::Es);
    let name = [("name", "Ana".into())];
    assert_eq!(words.with("test-hi", &name), "Hola, \u{2068}Ana\u{2069}.");
    assert_eq!(words.plain().with("test-hi", &name), "Hola, Ana.");
}

#[test]
fn days_and_hours_are_said_the_way_people_say_them() {
    let catalog = Catalog::new(&[]).unwrap();
    let (en, es) = (catalog.words(Lang::En), catalog.words(Lang::Es));
    assert_eq!(en.day_and_time(AT, ZONE), "Saturday, November 21, 2:30\u{a0}PM");
    assert_eq!(es.day_and_time(AT, ZONE), "sábado, 21 de noviembre, 2:30\u{a0}p.\u{a0}m.");
    assert_eq!(en.date(AT, ZONE), "November 21, 2026");
    assert_eq!(es.date(AT, ZONE), "21 de noviembre de 2026");
    assert_eq!([en.month(AT, ZONE), es.month(AT, ZONE)], ["November 2026", "noviembre de 2026"]);
    assert_eq!(en.clock(AT, ZONE), "2:30");
    assert_eq!(iso(AT, ZONE), "2026-11-21T14:30:00-05:00");
}

#[test]
fn a_time_on_paper_has_its_year_and_its_zone() {
    let catalog = Catalog::new(&[]).unwrap();
    let (en, es) = (catalog.words(Lang::En), catalog.words(Lang::Es));
    assert_eq!(en.on_paper(AT, ZONE), "Saturday, November 21, 2026, 2:30\u{a0}PM (Eastern time)");
    let spanish = "sábado, 21 de noviembre de 2026, 2:30\u{a0}p.\u{a0}m. (hora del Este)";
    assert_eq!(es.on_paper(AT, ZONE), spanish);
    assert!(en.on_paper(AT, "America/Phoenix").ends_with("12:30\u{a0}PM (Arizona time)"));
    assert!(en.on_paper(AT, "America/Sitka").ends_with("(AKST)"), "one that nobody named has its short name");
}

#[test]
fn an_unknown_zone_is_read_as_utc() {
    assert_eq!(iso(AT, "Mars/Olympus"), "2026-11-21T19:30:00+00:00");
}
