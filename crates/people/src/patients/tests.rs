//! Patients in the store, in the index of names, and on the pages.

use super::{Names, contact, find_by_email, load};
use crate::care_team;
use crate::testing::{CANARY, House, system};
use keep::testing::START;
use keep::{Entry, KeepError, Object, args};
use policy::{Access, Act, Facts, decide};
use vocabulary::{DAY_MS, Lang, PatientId, PersonId, Principal, Role};

fn program(patient: PatientId) -> Access {
    decide(&Principal::System, &Facts { patient: Some(patient), ..Facts::default() }, Act::Furnish).unwrap()
}

async fn join_team(house: &House, patient: PatientId, person: PersonId) {
    let mut tx = house.keep.begin().await.unwrap();
    care_team::put(&mut tx, patient, person, person, START.plus_ms(DAY_MS)).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("care_team", ""))).await.unwrap();
}

const FORM: [(&str, &str); 6] = [
    ("name", "James Whitfield"),
    ("month", "2"),
    ("day", "3"),
    ("year", "1950"),
    ("phone", "555-010-0199"),
    ("lang", "es"),
];

#[tokio::test]
async fn everything_about_a_patient_is_sealed_and_opens_for_that_patient_alone() {
    let house = House::open().await;
    let (maria, james) = (house.patient().await, house.patient_named("James").await);
    let mut tx = house.keep.begin().await.unwrap();
    let opened = load(&mut tx, &program(maria), maria).await.unwrap();
    assert_eq!(opened.name.reveal(), format!("Maria {CANARY}"));
    assert_eq!(opened.birth_date.text(), "1961-03-09");
    assert_eq!(opened.check_phrase.unwrap().reveal(), format!("blue {CANARY}"));
    assert_eq!(contact(&mut tx, &program(maria), maria).await.unwrap().lang, Lang::En);
    assert!(matches!(load(&mut tx, &program(james), maria).await, Err(KeepError::Proof)));
    let row = tx
        .row(
            "SELECT name, birth_date, email, phone, aids, check_phrase FROM patient WHERE id = $1",
            args![maria],
        )
        .await
        .unwrap()
        .unwrap();
    for column in ["name", "birth_date", "email", "phone", "aids", "check_phrase"] {
        let bytes = row.blob(column).unwrap();
        assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()), "{column}");
    }
}

#[tokio::test]
async fn a_patient_is_found_by_the_exact_address_in_any_case() {
    let house = House::open().await;
    let maria = house.patient().await;
    let mut conn = house.keep.read().await.unwrap();
    let address = format!(" {}@EXAMPLE.org ", CANARY.to_uppercase());
    assert_eq!(find_by_email(&house.keep, &mut conn, &address).await.unwrap(), [maria]);
    assert!(find_by_email(&house.keep, &mut conn, "canary@example.org").await.unwrap().is_empty());
}

#[tokio::test]
async fn the_index_of_names_is_built_as_one_act_of_the_program() {
    let house = House::open().await;
    house.patient().await;
    house.patient_named("José Núñez").await;
    let doctor = house.hire(&[Role::Clinician]).await;
    let before = house.acts(None).await.len();
    let names = Names::build(&house.keep).await.unwrap();
    let acts = house.acts(None).await;
    assert_eq!(acts.len(), before + 1);
    assert_eq!(acts.last().unwrap(), "name_index.build done");
    let found = names.search(&system(), "nun", 10);
    assert_eq!(found.iter().map(|known| known.name.reveal()).collect::<Vec<_>>(), ["José Núñez"]);
    assert_eq!(names.search(&system(), "", 1).len(), 1, "bounded");
    assert_eq!(names.staff(doctor).unwrap().reveal(), "Dr. Amara Osei");
}

#[tokio::test]
async fn the_desk_adds_a_patient_and_finds_them() {
    let house = House::open().await;
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    assert!(desk.get("/patients").await.text.contains("No patients yet"));
    let added = desk.submit("/patients/new", "/patients/new", &FORM).await;
    assert_eq!(added.location(), "/patients?done=added");
    let list = desk.get(added.location()).await;
    assert!(list.text.contains("James Whitfield") && list.text.contains("Spanish"));
    assert!(list.text.contains("The patient was added."));
    let hit = desk.submit("/patients", "/patients", &[("name", "whit")]).await;
    assert!(hit.text.contains("James Whitfield"));
    let miss = desk.submit("/patients", "/patients", &[("name", "field")]).await;
    assert!(miss.text.contains("Nobody by that name"));
    assert!(house.acts(None).await.contains(&"patient.list done".into()));
}

#[tokio::test]
async fn a_form_with_slips_comes_back_with_sentences_and_what_was_typed() {
    let house = House::open().await;
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    let fields =
        [("name", "James Whitfield"), ("month", "2"), ("day", "31"), ("year", "1950"), ("lang", "en")];
    let answer = desk.submit("/patients/new", "/patients/new", &fields).await;
    assert_eq!(answer.status, 422);
    for sentence in ["There is no such day.", "Write an email address or a phone number", "href=\"#month\""] {
        assert!(answer.text.contains(sentence), "{sentence}");
    }
    assert!(answer.text.contains("value=\"James Whitfield\""));
    // The other language is that of the same form, not the way out of it.
    let spanish = desk.in_spanish(&answer).await;
    let same = ["<html lang=\"es\"", "action=\"/patients/new\""];
    assert!(spanish.status == 200 && same.iter().all(|it| spanish.text.contains(it)), "{}", spanish.text);
}

#[tokio::test]
async fn only_desk_and_assistants_add_patients() {
    let house = House::open().await;
    for role in [Role::Clinician, Role::Administrator, Role::PrivacyOfficial] {
        let mut other = house.signed_in(house.hire(&[role]).await).await;
        assert_eq!(other.get("/patients/new").await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn a_clinician_sees_the_people_in_their_own_care() {
    let house = House::open().await;
    let (maria, _) = (house.patient().await, house.patient_named("James Whitfield").await);
    let doctor = house.hire(&[Role::Clinician]).await;
    join_team(&house, maria, doctor).await;
    let list = house.signed_in(doctor).await.get("/patients").await;
    assert!(list.text.contains(CANARY) && !list.text.contains("Whitfield"));
    assert!(list.text.contains(&format!("/patients/{}", maria.text())));
}

/// R11: a clinician without a relationship is denied the chart, and so is a relationship without the role.
#[tokio::test]
async fn a_chart_opens_for_the_care_team_alone() {
    let house = House::open().await;
    let maria = house.patient().await;
    let path = format!("/patients/{}", maria.text());
    let doctor = house.hire(&[Role::Clinician]).await;
    let mut browser = house.signed_in(doctor).await;
    let refused = browser.get(&path).await;
    assert_eq!(refused.status, 404);
    assert!(!refused.text.contains(CANARY));
    join_team(&house, maria, doctor).await;
    let opened = browser.get(&path).await;
    assert_eq!(opened.status, 200);
    assert!(opened.text.contains(CANARY) && opened.text.contains("March 9, 1961"));
    for role in [Role::Administrator, Role::Desk, Role::Owner] {
        let other = house.hire(&[role]).await;
        join_team(&house, maria, other).await;
        assert_eq!(house.signed_in(other).await.get(&path).await.status, 404, "{role:?}");
    }
    assert!(house.browser().get(&path).await.location().starts_with("/sign-in"));
    house.clock.advance_ms(DAY_MS);
    assert_eq!(house.signed_in(doctor).await.get(&path).await.status, 404, "the membership has ended");
}

/// R35 (part: opening a chart alone makes an event, and so does a refused attempt)
#[tokio::test]
async fn opening_a_chart_is_in_the_trail_and_so_is_the_attempt() {
    let house = House::open().await;
    let maria = house.patient().await;
    let path = format!("/patients/{}", maria.text());
    let doctor = house.hire(&[Role::Clinician]).await;
    let mut browser = house.signed_in(doctor).await;
    browser.get(&path).await;
    join_team(&house, maria, doctor).await;
    browser.get(&path).await;
    let acts = house.acts(Some(maria)).await;
    let opened: Vec<&String> = acts.iter().filter(|act| act.starts_with("chart.open")).collect();
    assert_eq!(opened, ["chart.open refused", "chart.open done"]);
}

/// R35: a look at a list, a search, a new patient, an opened chart, a change, a copy that leaves and the
/// list of such copies each leave an entry, and so do the attempts that were refused.
#[tokio::test]
async fn every_act_on_a_patient_and_every_refused_attempt_is_an_entry() {
    let house = House::open().await;
    let maria = house.patient().await;
    let (chart, copy) = (format!("/patients/{0}", maria.text()), format!("/patients/{0}/copy", maria.text()));
    let mut desk = house.signed_in(house.hire(&[Role::Desk]).await).await;
    desk.submit("/patients", "/patients", &[("name", "maria")]).await;
    desk.submit("/patients/new", "/patients/new", &FORM).await;
    desk.get(&chart).await;
    desk.get("/patients/import").await;
    desk.upload("/patients/import", "/patients/import/file", b"name\nAda").await;
    let doctor = house.hire(&[Role::Clinician]).await;
    join_team(&house, maria, doctor).await;
    let mut doctor = house.signed_in(doctor).await;
    doctor.get(&chart).await;
    let given = [("recipient", "County court"), ("purpose", "law"), ("words", "A subpoena for it")];
    assert_eq!(doctor.submit(&copy, &copy, &given).await.status, 200);
    let colleague = house.hire(&[Role::Clinician]).await.text();
    let added = [("person", colleague.as_str()), ("why", "on call")];
    doctor.submit(&chart, &format!("{chart}/team"), &added).await;
    let official = house.hire(&[Role::PrivacyOfficial]).await;
    house.signed_in(official).await.get("/practice/disclosures").await;
    let mut outsider = house.signed_in(house.hire(&[Role::Administrator]).await).await;
    outsider.get(&chart).await;
    outsider.get("/practice/disclosures").await;
    let all = house.acts(None).await;
    for act in [
        "patient.list done",
        "patient.add done",
        "patient.import done",
        "chart.open done",
        "chart.open refused",
        "chart.export done",
        "disclosure.see done",
        "disclosure.see refused",
    ] {
        assert!(all.contains(&act.to_owned()), "{act}: {all:?}");
    }
    let hers = house.acts(Some(maria)).await;
    for act in ["chart.open done", "chart.open refused", "chart.export done", "disclosure.see done"] {
        assert!(hers.contains(&act.to_owned()), "{act} under the patient: {hers:?}");
    }
}

/// Every word of this crate's pages is in the catalogue.
#[test]
fn no_word_is_missing() {
    assert_eq!(
        web::testing::missing_words(env!("CARGO_MANIFEST_DIR"), &[crate::WORDS]),
        Vec::<String>::new()
    );
}
