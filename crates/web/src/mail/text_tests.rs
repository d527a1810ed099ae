//! Texts: what one message holds, counted as phones count.

use super::*;
use crate::Catalog;
use crate::testing::letters::every_kind;
use vocabulary::{Lang, UnixMillis};

const WHEN: UnixMillis = UnixMillis(1_795_289_400_000);
const LINK: &str = "https://practice.example/i#MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
const NAME: &str = "Harbor Family Practice";

fn face() -> Face {
    let origin = "https://practice.example".into();
    Face { name: NAME.into(), phone: "555-0142".into(), origin, ..Face::default() }
}

fn for_patients() -> Vec<Mail<'static>> {
    let all = every_kind(WHEN, LINK).into_iter();
    all.filter(|(reader, _)| reader.is_patient()).map(|(_, mail)| mail).collect()
}

fn reach(bare: bool) -> Reach<'static> {
    Reach::asked_for("+15550100777", Some("tetera azul, martes"), "K7QM-2XTA", bare)
}

/// R104 (part: each text has sender, contact and STOP in one message of 160 characters), R105 (part: and
/// the reader's own words)
#[test]
fn every_text_says_who_and_how_to_end_it_in_one_message() {
    for lang in Lang::ALL {
        let words = Catalog::new(&[]).unwrap().words(lang);
        for mail in for_patients() {
            let letter = mail.text(&reach(false), (NAME, &face()), &words).unwrap_or_else(|| {
                panic!("{} fits in no text in {lang:?}", mail.kind());
            });
            let text = letter.text;
            assert!(text.starts_with("Harbor Family Practice: ") && text.contains("555-0142"), "{text}");
            assert!(text.contains("STOP") && text.contains("tetera azul, martes"), "{text}");
            assert!(text.chars().all(|c| BASIC.contains(c)) && text.chars().count() <= TEXT_MAX, "{text}");
            assert!(!text.contains(['\u{2068}', '{']), "{text}");
            let (_, _, link) = mail.parts();
            assert_eq!(text.contains(LINK), link.is_some(), "{text}");
            assert!(mail.text(&reach(true), (NAME, &face()), &words).is_none(), "no name, no text");
        }
    }
}

#[test]
fn staff_get_no_texts_and_nothing_is_cut() {
    let words = Catalog::new(&[]).unwrap().words(Lang::En);
    let text = |mail: Mail<'_>, name: &str| mail.text(&reach(false), (name, &face()), &words);
    assert!(text(Mail::Reminder { link: LINK }, NAME).is_none());
    assert!(text(Mail::NewDevice { when: WHEN }, NAME).is_none());
    assert!(text(Mail::Invitation { when: WHEN, link: LINK }, &"Harbor ".repeat(9)).is_none());
    let short = text(Mail::Invitation { when: WHEN, link: LINK }, "Harbor").unwrap().text;
    assert!(short.contains("Nov 21") && !short.contains("K7QM-2XTA"), "what there is room for: {short}");
    let whole = text(Mail::Cancelled { when: WHEN }, NAME).unwrap().text;
    assert!(whole.contains("Nov 21") && whole.contains("K7QM-2XTA"), "{whole}");
}

#[test]
fn letters_are_counted_as_phones_count_them() {
    assert!(fits(&"ñ".repeat(160)) && !fits(&"ñ".repeat(161)));
    assert!(fits(&"€".repeat(80)) && !fits(&"€".repeat(81)), "two each");
    assert!(fits(&"á".repeat(70)) && !fits(&"á".repeat(71)), "UCS-2");
    assert!(fits(&"😀".repeat(35)) && !fits(&"😀".repeat(36)), "two units each");
    assert_eq!(plain("¿Está aquí, “señor”? ÁÍÓÚ 2:30\u{a0}p."), "¿Esta aqui, \"señor\"? AIOU 2:30 p.");
}

/// R104 (part: an answer has the way to reach us, however long the practice's name and address are)
#[test]
fn an_answer_keeps_the_phone_and_is_one_message() {
    for (lang, stop) in [(Lang::En, "STOP ends them."), (Lang::Es, "STOP los termina.")] {
        let words = Catalog::new(&[]).unwrap().words(lang);
        for (name, origin) in [
            (NAME.to_owned(), "https://practice.example".to_owned()),
            (NAME.to_owned(), format!("https://{}.example", "harbor-family-practice".repeat(3))),
            ("Harbor ".repeat(20), "https://practice.example".to_owned()),
        ] {
            let face = Face { origin, phone: "+1 555 010 0142".into(), ..face() };
            for key in ["mail-text-stopped", "mail-text-started", "mail-text-help"] {
                let nobody = Reach::asked_for("+15550100777", None, "", false);
                let text = answer(&nobody, key, (&name, &face), &words).text;
                assert!(fits(&text), "{text}");
                assert!(text.contains("555 010 0142"), "{text}");
                assert!(key != "mail-text-help" || name.len() > NAME_MAX || text.contains(stop), "{text}");
            }
        }
    }
}
