//! The trail on its pages: who reads it, what narrows it, what stays shut without a reason, what leaves.

use crate::facts::Observers;
use crate::{SCHEMA, WORDS};
use axum::Router;
use axum::http::HeaderMap;
use keep::testing::START;
use keep::{BoxFuture, Entry, Keep, Object};
use people::patients::{self, Names, NewPatient};
use people::staff::{self, NewPerson};
use policy::{Access, Act, Facts, decide};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{DAY_MS, Lang, PatientId, PersonId, Principal, Relation, Relations, Role, Roles, SessionId};
use web::testing::{FORM_KEY, get, missing_words, post};
use web::{Catalog, Failure, Found, SignIn, Site};

/// Somebody signed in, with or without a fresh proof.
struct In(Principal, bool);

impl SignIn for In {
    fn who<'a>(&'a self, _: &'a HeaderMap, _: &'a str) -> BoxFuture<'a, Result<Found, Failure>> {
        let found = Found {
            who: self.0,
            shown_name: None,
            lang: None,
            form_key: FORM_KEY,
            fresh: self.1,
            left_ms: 1,
        };
        Box::pin(async move { Ok(found) })
    }
}

pub(crate) struct House {
    pub keep: Keep,
    pub clock: Arc<TestClock>,
    pub doctor: PersonId,
    pub official: PersonId,
    pub patient: PatientId,
}

impl House {
    pub async fn open() -> House {
        let (keep, clock) =
            keep::testing::keep(&[people::SCHEMA, people::NEEDS, SCHEMA, crate::vendors::SCHEMA]).await;
        let mut tx = keep.begin().await.unwrap();
        let mut hired = Vec::new();
        for (name, role) in [("Dr. Amara Osei", Role::Clinician), ("Grace Lindqvist", Role::PrivacyOfficial)]
        {
            let roles = Roles::NONE.with(role);
            let new = NewPerson { name, credentials: "", licensed_in: "", roles, lang: Lang::En };
            hired.push(staff::add(&mut tx, &new).await.unwrap());
        }
        let new = NewPatient {
            name: "Kofi Osei".into(),
            birth_date: patients::BirthDate::parse("1961-03-09").unwrap(),
            email: None,
            phone: Some("555-010-0142".into()),
            lang: Lang::En,
            aids: None,
            check_phrase: None,
        };
        let patient = patients::add(&mut tx, &new).await.unwrap();
        let system = decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap();
        tx.commit(&system, Entry::new(Object::of("practice", ""))).await.unwrap();
        House { keep, clock, doctor: hired[0], official: hired[1], patient }
    }

    pub async fn at(&self, person: PersonId, roles: &[Role], fresh: bool) -> Router {
        let names = Names::build(&self.keep).await.unwrap();
        let catalog = Catalog::new(&[people::WORDS, WORDS]).unwrap();
        let site = Site::new(self.keep.clone(), Arc::new(In(staff_of(person, roles), fresh)), catalog);
        let site = people::plug_doors(site).plug(names).plug(Arc::new(Observers::default()));
        people::routes().merge(crate::routes()).into_router(site)
    }

    pub async fn official(&self) -> Router {
        self.at(self.official, &[Role::PrivacyOfficial], true).await
    }

    fn looks(&self) -> Access {
        let relations = Relations::NONE.with(Relation::CareTeam);
        let facts = Facts { relations, patient: Some(self.patient), ..Facts::default() };
        decide(&staff_of(self.doctor, &[Role::Clinician]), &facts, Act::OpenChart).unwrap()
    }

    pub async fn doctor_opens_the_chart(&self) {
        let object = Object::of("chart", self.patient.text()).patient(self.patient);
        let entry = Entry::new(object).detail("note", "Quetzalcanary");
        self.keep.begin().await.unwrap().commit(&self.looks(), entry).await.unwrap();
    }
}

fn staff_of(person: PersonId, roles: &[Role]) -> Principal {
    let session = SessionId::new(START, &TestEntropy::seeded(1));
    Principal::Staff { person, session, roles: roles.iter().copied().collect() }
}

#[tokio::test]
async fn officials_read_who_did_what_and_nobody_else_does() {
    let house = House::open().await;
    house.doctor_opens_the_chart().await;
    let official = house.official().await;
    let list = get(&official, "/practice/trail").await;
    assert!(list.text.contains("Opened a chart") && list.text.contains("Dr. Amara Osei"));
    assert!(!list.text.contains("Kofi") && !list.text.contains("Quetzalcanary"), "not without a reason");
    assert!(!list.text.contains(&house.patient.text()));
    let again = get(&official, "/practice/trail?act=trail.read").await;
    assert!(again.text.contains("Grace Lindqvist") && again.text.contains("Looked at the trail</strong>"));
    assert!(!again.text.contains("Opened a chart</strong>"), "looking is an entry, and the filter holds");
    for role in [Role::Owner, Role::Administrator, Role::Clinician, Role::Desk, Role::Assistant] {
        let other = house.at(house.doctor, &[role], true).await;
        for path in ["/practice/trail", "/practice/trail/patient", "/practice/trail/reviews"] {
            assert_eq!(get(&other, path).await.status, 404, "{role:?} {path}");
        }
        assert_eq!(post(&other, "/practice/trail/export", &[]).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn person_and_days_narrow_it_and_nonsense_is_refused() {
    let house = House::open().await;
    house.doctor_opens_the_chart().await;
    house.clock.advance_ms(2 * DAY_MS);
    house.doctor_opens_the_chart().await;
    let official = house.official().await;
    let shown = async |query: String| {
        let page = get(&official, &format!("/practice/trail?{query}")).await;
        page.text.matches("<strong>Opened a chart</strong>").count()
    };
    let doctor = house.doctor.text();
    assert_eq!(shown(format!("person={doctor}")).await, 2);
    assert_eq!(shown(format!("person={}", house.official.text())).await, 0);
    assert_eq!(shown(format!("person={doctor}&until=2026-11-21")).await, 1);
    assert_eq!(shown("act=chart.open&from=2026-11-22".into()).await, 1);
    assert_eq!(shown("from=2026-11-24".into()).await, 0);
    for nonsense in ["person=x", "act=x", "from=21", "until=2026-13-01"] {
        assert_eq!(get(&official, &format!("/practice/trail?{nonsense}")).await.status, 400, "{nonsense}");
    }
}

/// R116 (part: the name shows to the official who needs it, the trail to both)
#[tokio::test]
async fn what_entries_say_about_a_patient_opens_for_a_reason() {
    let house = House::open().await;
    house.doctor_opens_the_chart().await;
    let official = house.official().await;
    let page = "/practice/trail/patient";
    let who = [("name", "kofi OSEI"), ("month", "3"), ("day", "9"), ("year", "1961")];
    let silent = post(&official, page, &who).await;
    assert_eq!(silent.status, 422);
    let reason = ("words", "The patient asked us who looked");
    let wrong = post(&official, page, &[who[0], who[1], ("day", "8"), who[3], reason]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("There is nobody with this name"));
    let shown = post(&official, page, &[who[0], who[1], who[2], who[3], reason]).await;
    assert!(shown.text.contains("Kofi Osei") && shown.text.contains("note: Quetzalcanary"));
    assert!(shown.text.contains("reason: The patient asked us who looked"), "the look is an entry of it");

    let security = house.at(house.official, &[Role::SecurityOfficial], true).await;
    assert_eq!(post(&security, page, &[who[0], who[1], who[2], who[3], reason]).await.status, 404);
    let list = get(&security, "/practice/trail?act=chart.open").await;
    let entry = list.text.split("?entry=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let shown = post(&security, page, &[("entry", &*entry), reason]).await;
    assert!(shown.text.contains("note: Quetzalcanary") && !shown.text.contains("Kofi"));
    assert_eq!(post(&security, page, &[("entry", "999999"), reason]).await.status, 404);
    assert_eq!(post(&security, page, &[("entry", "0"), reason]).await.status, 404, "about no patient");
}

#[tokio::test]
async fn a_file_leaves_after_a_fresh_proof_and_says_no_more_than_ids() {
    let house = House::open().await;
    house.doctor_opens_the_chart().await;
    let stale = house.at(house.official, &[Role::PrivacyOfficial], false).await;
    let refused = post(&stale, "/practice/trail/export", &[]).await;
    assert_eq!(refused.status, 401, "a fresh proof first");
    assert!(get(&stale, "/practice/trail").await.text.contains("/sign-in/again?back=/practice/trail"));
    let official = house.official().await;
    let file = post(&official, "/practice/trail/export", &[("act", "chart.open")]).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"trail.csv\"");
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.text);
    assert!(lines[1].contains(&house.doctor.text()) && lines[1].contains("chart.open,read,TREAT,done"));
    assert!(!file.text.contains("Quetzalcanary") && !file.text.contains("Osei"));
    let list = get(&official, "/practice/trail?act=trail.export").await;
    assert!(list.text.contains("Exported the trail</strong>"));
}

#[test]
fn every_word_of_these_pages_is_there() {
    let missing = missing_words(env!("CARGO_MANIFEST_DIR"), &[people::WORDS, WORDS]);
    assert_eq!(missing, Vec::<String>::new());
}
