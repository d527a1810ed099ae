//! What a patient asks for reaches every message: who sends it, when, by which way and to where.

use super::gate::{Dress, to_patient};
use super::rules::Way;
use crate::patients::contact;
use crate::sessions::{self, How};
use crate::testing::{Browser, CANARY, House, system};
use keep::{BoxFuture, Carrier, CarryError, Entry, Letter, Object};
use policy::{Access, Act, Facts, decide};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use vocabulary::{HOUR_MS, JobId, Lang, PatientId, Principal, Role, UnixMillis};
use web::mail::Mail;
use web::testing::{Answer, letters};

const LINK: &str = "https://practice.example/n#secret";
const HERE: &str = "/portal/contact";

pub(super) fn program(patient: PatientId) -> Access {
    decide(&Principal::System, &Facts { patient: Some(patient), ..Facts::default() }, Act::Furnish).unwrap()
}

pub(super) async fn in_portal(house: &House, patient: PatientId) -> Browser {
    let mut tx = house.keep.begin().await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    let started = sessions::start_patient(&mut tx, &rules, patient, How::Invitation).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("session", started.session.text()))).await.unwrap();
    let mut browser = house.browser();
    browser.keep_cookie(started.cookie().to_str().unwrap());
    browser
}

/// Saves from the page as it is now.
pub(super) async fn ask(browser: &mut Browser, page: &str, fields: &[(&str, &str)]) -> Answer {
    let seen = browser.get(page).await.text;
    send_from(browser, (page, &seen), fields).await
}

/// Saves from a page that was `seen` some time ago.
pub(super) async fn send_from(
    browser: &mut Browser,
    (page, seen): (&str, &str),
    fields: &[(&str, &str)],
) -> Answer {
    let hidden = |name: &str| {
        let rest = seen.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (base, stopped) = (hidden("base"), hidden("stopped"));
    let all = [fields, &[("base", base.as_str()), ("stopped", stopped.as_str())]].concat();
    browser.submit(page, page, &all).await
}

/// Every kind of message there is for a patient, but one: that it is their turn is a text or nothing
/// (`texting_tests`).
fn every_kind(when: UnixMillis) -> Vec<Mail<'static>> {
    let all = letters::every_kind(when, LINK).into_iter().filter(|(reader, _)| reader.is_patient());
    all.map(|(_, mail)| mail).filter(|mail| !matches!(mail, Mail::Turn)).collect()
}

pub(super) async fn write(house: &House, patient: PatientId, mail: Mail<'_>) -> Way {
    let words = web::Catalog::new(&[crate::WORDS]).unwrap().words(Lang::En);
    let settings = house.keep.settings();
    let dress = Dress { face: &settings.face, words: &words, texting: &super::texting::OFF };
    let mut tx = house.keep.begin().await.unwrap();
    let way = to_patient(&mut tx, &program(patient), patient, (mail, None), dress).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("letter", ""))).await.unwrap();
    way
}

pub(super) async fn delivered(house: &House) -> Vec<Letter> {
    keep::testing::posted(&house.keep).await
}

/// R70: the form asks for no reason, and from then on every kind of message, the number to call, what the
/// program loads of a patient, and the desk's page hold the confidential address and nowhere the one on file.
#[tokio::test]
async fn a_confidential_address_takes_the_place_of_the_one_on_file_everywhere() {
    let house = House::open().await;
    let patient = house.patient().await;
    let mut own = in_portal(&house, patient).await;
    let form = own.get(HERE).await;
    assert_eq!(form.status, 200);
    for asked in ["reason", "why", "because"] {
        assert!(!form.text.contains(&format!("name=\"{asked}")), "{asked}");
    }
    assert!(!form.text.contains("<textarea"), "no room for a reason either");
    let elsewhere =
        [("channel", "mail"), ("email", "safe@example.org"), ("phone", "555-010-0777"), ("post", "Box 7")];
    assert_eq!(ask(&mut own, HERE, &elsewhere).await.status, 303);

    let when = house.in_a_day();
    for mail in every_kind(when) {
        assert_eq!(write(&house, patient, mail).await, Way::Mail, "{}", mail.kind());
        let letters = delivered(&house).await;
        assert_eq!(letters.len(), 1, "{}", mail.kind());
        assert_eq!(letters[0].to, "safe@example.org");
        assert!(letters[0].text.contains(&format!("blue {CANARY}")), "the patient's own words");
    }
    let mut tx = house.keep.begin().await.unwrap();
    let reached = contact(&mut tx, &program(patient), patient).await.unwrap();
    assert_eq!(reached.phone.unwrap().reveal(), "555-010-0777");
    drop(tx);
    // With a number alone, no message goes to the address on file: somebody calls.
    assert_eq!(ask(&mut own, HERE, &[("channel", "call"), ("phone", "555-010-0777")]).await.status, 303);
    for mail in every_kind(when) {
        assert_eq!(write(&house, patient, mail).await, Way::Call);
    }
    assert!(delivered(&house).await.is_empty());
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let page = desk.get(&format!("/patients/{}/contact", patient.text())).await;
    assert!(page.text.contains("555-010-0777") && !page.text.contains("555-010-0142"), "{}", page.text);
    assert!(!page.text.contains(&format!("{CANARY}@example.org")));
    // On paper: the errand says where to, and what about.
    assert_eq!(ask(&mut own, HERE, &[("channel", "post"), ("post", "Box 7")]).await.status, 303);
    let before = desk.get("/patients/errands").await.text;
    assert!(!before.contains("Box 7"), "nothing goes there yet: {before}");
    for mail in every_kind(when) {
        assert_eq!(write(&house, patient, mail).await, Way::Post);
    }
    let errands = desk.get("/patients/errands").await.text;
    assert_eq!(errands.matches("Box 7").count(), every_kind(when).len(), "{errands}");
    assert!(!errands.contains("We have something to tell them"), "each says what about: {errands}");
}

/// R69: channel, safe times, what a message may show, voicemail, who may be there, the name and the camera
/// are read before every outgoing contact, and a change counts from the next one on.
#[tokio::test]
async fn wishes_are_read_before_every_contact() {
    let house = House::open().await;
    let patient = house.patient().await;
    let mut own = in_portal(&house, patient).await;
    let when = house.in_a_day();
    // The test's clock stands at 14:30 in the practice's zone.
    let at_night = [("channel", "mail"), ("from", "21"), ("until", "23"), ("bare", "yes")];
    assert_eq!(ask(&mut own, HERE, &at_night).await.status, 303);
    assert_eq!(write(&house, patient, Mail::Moved { when, link: LINK }).await, Way::Mail);
    assert!(delivered(&house).await.is_empty(), "not before nine in the evening");
    house.clock.advance_ms(7 * HOUR_MS);
    let mut own = in_portal(&house, patient).await;
    let letters = delivered(&house).await;
    let name = house.keep.settings().face.name.clone();
    assert!(letters[0].bare && !letters[0].text.contains(&name) && !letters[0].subject.contains(&name));
    // What would come too late is not sent: the desk tells it.
    let soon = house.keep.clock().now().plus_ms(HOUR_MS);
    assert_eq!(ask(&mut own, HERE, &[("channel", "mail"), ("from", "6"), ("until", "9")]).await.status, 303);
    assert_eq!(write(&house, patient, Mail::Moved { when: soon, link: LINK }).await, Way::Call);
    for (channel, way) in [("call", Way::Call), ("post", Way::Post)] {
        let fields = [
            ("channel", channel),
            ("post", "12 Hill Road"),
            ("phone", "555-010-0777"),
            ("call_me", "Mari"),
            ("present", "my daughter"),
            ("voicemail", "yes"),
            ("camera", "blurred"),
        ];
        assert_eq!(ask(&mut own, HERE, &fields).await.status, 303, "{channel}");
        for mail in every_kind(when) {
            assert_eq!(write(&house, patient, mail).await, way);
        }
    }
    assert!(delivered(&house).await.is_empty());
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let errands = desk.get("/patients/errands").await;
    assert!(errands.text.contains("Letter on paper") && errands.text.contains("Call"), "{}", errands.text);
    assert!(errands.text.contains("Voicemail allowed") && errands.text.contains("555-010-0777"));
    assert!(!errands.text.contains("Leave no voicemail"), "{}", errands.text);
    let beside = desk.get(&format!("/patients/{}/contact", patient.text())).await.text;
    for said in ["Mari", "my daughter", "12 Hill Road", "my background hidden", "By letter on paper"] {
        assert!(beside.contains(said), "{said}");
    }
    // Done once, it is off the list.
    let open = |text: &str| text.matches("action=\"/patients/errands/").count();
    let at = errands.text.find("/patients/errands/0").unwrap();
    let path = errands.text[at..].split('"').next().unwrap().to_owned();
    assert_eq!(desk.submit("/patients/errands", &path, &[]).await.status, 303);
    assert_eq!(open(&desk.get("/patients/errands").await.text), open(&errands.text) - 1);
    let quiet = house.patient().await;
    let mut theirs = in_portal(&house, quiet).await;
    let night = [("channel", "call"), ("phone", "555-010-0999"), ("from", "6"), ("until", "8")];
    assert_eq!(ask(&mut theirs, HERE, &night).await.status, 303);
    assert_eq!(write(&house, quiet, Mail::Cancelled { when }).await, Way::Call);
    let list = desk.get("/patients/errands").await.text;
    assert!(list.contains("Leave no voicemail") && list.contains("Do not call before"), "{list}");
}

/// R69 (part: there is no second way out), R70 (part: nothing else reads the addresses on file)
#[test]
fn there_is_one_way_out() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    sources(crates, &mut files);
    assert!(files.len() > 300, "the sources are found");
    let makers = |needle: &str| -> Vec<String> {
        let holds = |file: &&PathBuf| std::fs::read_to_string(file).unwrap().contains(needle);
        let found = files.iter().filter(holds).map(|file| file.strip_prefix(crates).unwrap());
        let mut found: Vec<String> = found.map(|file| file.to_string_lossy().into_owned()).collect();
        found.sort();
        found
    };
    let gate = ["people/src/contact/gate.rs"];
    assert_eq!(makers("Reach::asked_for("), gate);
    assert_eq!(makers("tx.post("), gate);
    assert_eq!(makers("Letter::sms("), ["web/src/mail/text.rs"]);
    assert_eq!(makers("Letter::mail("), ["keep/src/outbox/letter.rs", "web/src/mail/mod.rs"]);
    assert_eq!(makers("row, \"email\")"), ["people/src/patients/store.rs"]);
    assert_eq!(makers("row, \"phone\")"), ["people/src/patients/store.rs"]);
}

/// Everything but tests.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "tests", "benches", "examples", "testing"].contains(&name.as_str()) {
                sources(&path, into);
            }
        } else if name.ends_with(".rs") && !name.contains("test") {
            into.push(path);
        }
    }
}

#[tokio::test]
async fn wishes_are_the_patients_own_and_the_desks_to_write_down() {
    let house = House::open().await;
    let patient = house.patient().await;
    let page = format!("/patients/{}/contact", patient.text());
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    assert_eq!(
        ask(&mut desk, &page, &[("channel", "mail"), ("email", "safe@example.org")]).await.status,
        303
    );
    let wrong = ask(&mut desk, &page, &[("channel", "mail"), ("phone", "555-010-0199")]).await;
    assert!(wrong.status == 422 && wrong.text.contains("555-010-0199"), "what was typed stays");
    let seen = in_portal(&house, patient).await.get(HERE).await;
    assert!(seen.text.contains("safe@example.org"), "the patient sees what the desk wrote");
    // From a page that is no longer what it was, nothing is written over.
    let stale = [("channel", "mail"), ("email", "other@example.org"), ("base", "")];
    assert_eq!(desk.submit(&page, &page, &stale).await.status, 422);
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::SecurityOfficial] {
        let mut other = house.signed_in(house.hire(&[role]).await).await;
        assert_eq!(other.get(&page).await.status, 404, "{role:?}");
    }
    assert!(house.browser().get(HERE).await.location().starts_with("/portal/sign-in"));
    let acts = house.acts(Some(patient)).await;
    assert!(acts.contains(&"contact.change done".to_owned()), "{acts:?}");
}

#[tokio::test]
async fn a_merge_loses_no_confidential_address() {
    let house = House::open().await;
    for (confidential, stays_said) in [(true, true), (true, false), (false, true)] {
        let (gone, stays) = (house.patient().await, house.patient().await);
        let mut tx = house.keep.begin().await.unwrap();
        let safe = if confidential { "safe@example.org" } else { "" };
        let theirs = super::Preferences { email: safe.into(), ..super::Preferences::default() };
        super::store::say(&mut tx, gone, &theirs, None).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("contact", ""))).await.unwrap();
        house.clock.advance_ms(1_000);
        let mut tx = house.keep.begin().await.unwrap();
        let ours = super::Preferences { call_me: "Mari".into(), ..super::Preferences::default() };
        if stays_said {
            super::store::say(&mut tx, stays, &ours, None).await.unwrap();
        }
        super::before_merge(&mut tx, (gone, stays)).await.unwrap();
        tx.hand_over((gone, stays), keep::Which::AllBut(&["patient", "care_team"])).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("merge", ""))).await.unwrap();
        let mut tx = house.keep.begin().await.unwrap();
        let now = contact(&mut tx, &program(stays), stays).await.unwrap();
        assert_eq!(now.asked.is_confidential(), confidential, "{confidential} {stays_said}");
        assert_eq!(now.asked.call_me == "Mari", !confidential && stays_said);
    }
}

/// A mail server that says no: the desk sees it, and the letters behind it still go out in their order.
#[tokio::test]
async fn the_desk_sees_a_message_that_did_not_arrive() {
    struct Bounces(Mutex<Vec<String>>);
    impl Carrier for Bounces {
        fn carry<'a>(&'a self, _: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
            self.0.lock().unwrap().push(letter.subject.clone());
            let lost = letter.subject.contains("cancelled");
            Box::pin(async move { if lost { Err(CarryError::Never("refused")) } else { Ok(()) } })
        }
    }
    let house = House::open().await;
    let patient = house.patient().await;
    let when = house.in_a_day();
    let three = [Mail::Moved { when, link: LINK }, Mail::Cancelled { when }, Mail::Waiting { link: LINK }];
    for mail in three {
        assert_eq!(write(&house, patient, mail).await, Way::Mail);
        house.clock.advance_ms(1_000);
    }
    let bounces = Bounces(Mutex::default());
    assert_eq!(keep::outbox::deliver_due(&house.keep, &bounces).await, Ok(2));
    let order = bounces.0.into_inner().unwrap();
    assert!(order[0].contains("changed") && order[1].contains("cancelled") && order[2].contains("waiting"));
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let page = desk.get("/patients/errands").await.text;
    assert!(
        page.contains("Messages that did not arrive") && page.contains(&format!("Maria {CANARY}")),
        "{page}"
    );
}

/// R105 (part: every message has a code, and `/is-it-us` says yes to it alone)
#[tokio::test]
async fn a_message_can_be_checked_by_its_code() {
    let house = House::open().await;
    let patient = house.patient().await;
    write(&house, patient, Mail::Waiting { link: LINK }).await;
    let text = delivered(&house).await.remove(0).text;
    let code = text.split("code ").nth(1).unwrap().split('.').next().unwrap().to_owned();
    let mut reader = house.browser();
    let yes = reader.submit("/is-it-us", "/is-it-us", &[("code", &code.to_lowercase())]).await;
    assert!(yes.text.contains("Yes, we sent a message with this code"), "{code} {}", yes.text);
    assert!(!yes.text.contains(CANARY), "and nothing else is told");
    for wrong in ["AAAA-AAAA", "no code", &code[1..]] {
        let no = reader.submit("/is-it-us", "/is-it-us", &[("code", wrong)]).await;
        assert!(no.text.contains("No, we did not send"), "{wrong}");
    }
    let mut last = 200;
    for _ in 0..80 {
        last = reader.submit("/is-it-us", "/is-it-us", &[("code", "AAAA-AAAA")]).await.status.as_u16();
    }
    assert_eq!(last, 429, "nobody tries codes for long");
}
