//! Representatives: which evidence, for what, until which minute; and those who may not.

use super::rules::{self, Authority, Evidence, Identity, New, Typed, may_be_same};
use super::store;
use crate::patients::{self, BirthDate};
use crate::testing::{Browser, CANARY, House, new_patient, system};
use crate::{care_team, standing};
use jiff::civil::date;
use keep::testing::START;
use keep::{Entry, Object, args};
use policy::{Act, RecordClass, Scope, decide, needs_to_see};
use vocabulary::{
    DAY_MS, HOUR_MS, Health, MINUTE_MS, ParticipantId, PatientId, PersonId, Principal, RepresentativeId,
    Role, SessionId, VisitId,
};

const NEW: [(&str, &str); 9] = [
    ("name", "Rosa Quetzalcanary"),
    ("contact", "rosa.quetzalcanary@example.org"),
    ("authority", "agent"),
    ("identity", "photo_id"),
    ("evidence", "power_of_attorney"),
    ("chart", "yes"),
    ("consent", "yes"),
    ("from", "2026-11-21"),
    ("until", "2026-11-30"),
];

struct Ward {
    house: House,
    patient: PatientId,
    clinician: PersonId,
    browser: Browser,
}

impl Ward {
    async fn begin() -> Ward {
        let house = House::open().await;
        let patient = house.patient().await;
        let clinician = house.hire(&[Role::Clinician]).await;
        house.names.put_staff(clinician, Health::new("Dr. Amara Osei".to_owned()));
        let browser = member(&house, patient, clinician).await;
        Ward { house, patient, clinician, browser }
    }

    /// The same of somebody who turns 18 in a month, on December 21.
    async fn nearly_of_age() -> Ward {
        let ward = Ward::begin().await;
        let mut new = new_patient("Ana Other");
        new.birth_date = BirthDate::parse("2008-12-21").unwrap();
        let mut tx = ward.house.keep.begin().await.unwrap();
        let patient = patients::add(&mut tx, &new).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("patient", patient.text()))).await.unwrap();
        ward.house.names.put(&ward.house.keep, patient, &new);
        let browser = member(&ward.house, patient, ward.clinician).await;
        Ward { patient, browser, ..ward }
    }

    fn chart(&self) -> String {
        format!("/patients/{}", self.patient.text())
    }

    fn page(&self) -> String {
        format!("{}/representatives", self.chart())
    }

    fn refusals(&self) -> String {
        format!("{}/refusals", self.chart())
    }

    async fn only(&self) -> RepresentativeId {
        let mut conn = self.house.keep.read().await.unwrap();
        let rows = conn.rows("SELECT id FROM representative", args![]).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows[0].parsed("id", RepresentativeId::parse).unwrap()
    }

    async fn only_refusal(&self) -> RepresentativeId {
        let mut conn = self.house.keep.read().await.unwrap();
        let rows = conn.rows("SELECT id FROM representative_refusal", args![]).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows[0].parsed("id", RepresentativeId::parse).unwrap()
    }
}

async fn member(house: &House, patient: PatientId, person: PersonId) -> Browser {
    let mut tx = house.keep.begin().await.unwrap();
    let until = START.plus_ms(300 * DAY_MS);
    care_team::put(&mut tx, patient, person, person, until).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("care_team", patient.text()))).await.unwrap();
    house.signed_in(person).await
}

/// R74 (part: on the end date what they may see and do ends, and it never goes beyond the scope)
#[tokio::test]
async fn an_authority_counts_from_its_first_minute_to_the_one_before_its_end() {
    let ward = Ward::begin().await;
    let (begins_at, ends_at) = (START.plus_ms(HOUR_MS), START.plus_ms(DAY_MS));
    let new = New {
        name: "Rosa".into(),
        contact: None,
        authority: Authority::Agent,
        identity: Identity::Known,
        evidence: Evidence::PowerOfAttorney,
        scope: Scope::NONE.with(RecordClass::Consent),
        begins_at,
        ends_at,
    };
    let mut tx = ward.house.keep.begin().await.unwrap();
    let id = store::add(&mut tx, ward.patient, ward.clinician, &new).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("representative", id.text()))).await.unwrap();
    let other = ward.house.patient_named("Ana Other").await;
    let who = Principal::Guest {
        participant: ParticipantId::from_bytes([3; 16]),
        visit: VisitId::from_bytes([5; 16]),
        session: SessionId::from_bytes([1; 16]),
        known: true,
    };
    let mut conn = ward.house.keep.read().await.unwrap();
    let moments = [
        (begins_at.plus_ms(-MINUTE_MS), false),
        (begins_at, true),
        (ends_at.plus_ms(-MINUTE_MS), true),
        (ends_at, false),
        (ends_at.plus_ms(MINUTE_MS), false),
    ];
    for (now, may) in moments {
        let facts = standing::of_representative(&mut conn, (ward.patient, id), now).await.unwrap();
        assert_eq!(decide(&who, &facts, Act::GiveConsent).is_ok(), may, "{now:?}");
        assert_eq!(decide(&who, &facts, Act::JoinRoom).is_ok(), may, "{now:?}");
        assert_eq!(needs_to_see(&who, &facts, RecordClass::Consent), may, "{now:?}");
        assert!(!needs_to_see(&who, &facts, RecordClass::Chart), "beyond the scope");
        let strange = standing::of_representative(&mut conn, (other, id), now).await.unwrap();
        assert!(decide(&who, &strange, Act::JoinRoom).is_err(), "of another patient");
    }
}

/// R75 (part: a parent's authority ends with majority, whatever day is typed, now or later)
#[tokio::test]
async fn a_parent_acts_until_the_day_before_the_patient_is_of_age() {
    let mut ward = Ward::nearly_of_age().await;
    let page = ward.page();
    let form = |authority: &'static str, evidence: &'static str, until: &'static str| {
        NEW.map(|(field, value)| match field {
            "authority" => (field, authority),
            "evidence" => (field, evidence),
            "until" => (field, until),
            _ => (field, value),
        })
    };
    for until in ["2026-12-21", "2031-11-30"] {
        let refused = ward.browser.submit(&page, &page, &form("parent", "birth_record", until)).await;
        assert_eq!(refused.status, 422, "{until}");
        assert!(refused.text.contains("before the patient turns 18"), "{}", refused.text);
        assert!(refused.text.contains("Rosa Quetzalcanary"), "what was typed stays");
    }
    let added = ward.browser.submit(&page, &page, &form("parent", "birth_record", "2026-12-20")).await;
    assert_eq!(added.location(), format!("{page}?done=added"), "{}", added.text);
    let until = format!("{page}/{}/until", ward.only().await.text());
    let later = ward.browser.submit(&page, &until, &[("until", "2026-12-21")]).await;
    assert_eq!(later.status, 422, "nor moved beyond it");
    let sooner = ward.browser.submit(&page, &until, &[("until", "2026-12-19")]).await;
    assert_eq!(sooner.location(), format!("{page}?done=moved"), "{}", sooner.text);
    let guardian = form("guardian", "court_paper", "2031-11-30");
    let added = ward.browser.submit(&page, &page, &guardian).await;
    assert_eq!(added.location(), format!("{page}?done=added"), "a court says until when: {}", added.text);
}

/// R74 (part: authority, evidence seen, scope and dates are recorded and shown on the chart)
/// R83 (part: a representative without proof of who they are and of their authority is refused)
#[tokio::test]
async fn the_care_team_records_who_acts_for_the_patient_and_on_what_proof() {
    let mut ward = Ward::begin().await;
    let page = ward.page();
    for left_out in ["name", "authority", "identity", "evidence", "from", "until"] {
        let some: Vec<_> = NEW.into_iter().filter(|(field, _)| *field != left_out).collect();
        assert_eq!(ward.browser.submit(&page, &page, &some).await.status, 422, "{left_out}");
    }
    let added = ward.browser.submit(&page, &page, &NEW).await;
    assert_eq!(added.location(), format!("{page}?done=added"), "{}", added.text);
    let chart = ward.browser.get(&ward.chart()).await.text;
    for said in ["Rosa Quetzalcanary", "Health care agent", "Photo ID", "Health care power of attorney"] {
        assert!(chart.contains(said), "{said}");
    }
    assert!(chart.contains("Chart, Consents") && chart.contains("November 30, 2026"), "{chart}");
    for role in [Role::Clinician, Role::Desk, Role::Administrator] {
        let stranger = ward.house.hire(&[role]).await;
        let mut stranger = ward.house.signed_in(stranger).await;
        assert_eq!(stranger.get(&page).await.status, 404, "{role:?}");
        assert_eq!(stranger.submit("/me", &page, &NEW).await.status, 404, "{role:?}");
    }
    let acts = ward.house.acts(Some(ward.patient)).await;
    assert_eq!(acts.iter().filter(|act| *act == "representative.change done").count(), 1, "{acts:?}");
}

#[tokio::test]
async fn an_end_is_moved_and_an_authority_ended_now_and_never_revived() {
    let mut ward = Ward::begin().await;
    let page = ward.page();
    ward.browser.submit(&page, &page, &NEW).await;
    let id = ward.only().await;
    let (until, end) = (format!("{page}/{}/until", id.text()), format!("{page}/{}/end", id.text()));
    let past = ward.browser.submit(&page, &until, &[("until", "2026-11-20")]).await;
    assert_eq!(past.status, 422);
    let moved = ward.browser.submit(&page, &until, &[("until", "2026-11-22")]).await;
    assert_eq!(moved.location(), format!("{page}?done=moved"));
    assert!(ward.browser.get(&page).await.text.contains("November 22, 2026"));
    let now = ward.house.keep.clock().now();
    let place = (ward.patient, id);
    let scope = async |at| {
        let mut conn = ward.house.keep.read().await.unwrap();
        store::scope_at(&mut conn, place, at).await.unwrap()
    };
    assert!(scope(now).await.is_some());
    assert!(ward.browser.submit(&page, &end, &[]).await.location().ends_with("done=ended"));
    assert!(scope(now).await.is_none(), "from now on");
    let again = ward.browser.submit(&page, &until, &[("until", "2026-11-30")]).await;
    assert_eq!(again.status, 409, "evidence is shown anew");
    assert!(ward.browser.get(&page).await.text.contains("Over"));
    assert!(!ward.browser.get(&ward.chart()).await.text.contains("Rosa Quetzalcanary"));
}

/// R76 (part: a refusal ends what they had, shows to the care team and officials alone, and keeps the person
/// from being added by a colleague)
#[tokio::test]
async fn whoever_is_refused_loses_what_they_had_and_is_not_added_again() {
    let mut ward = Ward::begin().await;
    let (page, refusals) = (ward.page(), ward.refusals());
    ward.browser.submit(&page, &page, &NEW).await;
    let id = ward.only().await;
    let why = [("who", "quetzalcanary Rosa M."), ("why", "The patient is afraid of her Quetzalcanary")];
    assert_eq!(ward.browser.submit(&page, &refusals, &why[..1]).await.status, 422);
    let refused = ward.browser.submit(&page, &refusals, &why).await;
    assert_eq!(refused.location(), format!("{page}?done=refused"), "{}", refused.text);
    let mut conn = ward.house.keep.read().await.unwrap();
    let left = store::scope_at(&mut conn, (ward.patient, id), ward.house.keep.clock().now()).await.unwrap();
    assert!(left.is_none(), "over at the same moment");
    drop(conn);

    let colleague = ward.house.hire(&[Role::Assistant]).await;
    let mut colleague = member(&ward.house, ward.patient, colleague).await;
    let added = colleague.submit(&page, &page, &NEW).await;
    assert_eq!(added.status, 422);
    assert!(
        added.text.contains("was refused for this patient")
            && added.text.contains("Ask \u{2068}Dr. Amara Osei")
    );
    let lift = format!("{refusals}/{}/lift", ward.only_refusal().await.text());
    assert_eq!(colleague.submit(&page, &lift, &[]).await.status, 409, "they ask");

    assert!(ward.browser.get(&ward.chart()).await.text.contains("afraid of her"));
    let stranger = ward.house.hire(&[Role::Clinician]).await;
    let mut stranger = ward.house.signed_in(stranger).await;
    let ask = format!("{}/emergency", ward.chart());
    stranger.submit(&ask, &ask, &[("reason", "danger"), ("words", "Collapsed at work")]).await;
    let seen = stranger.get(&ward.chart()).await;
    assert!(seen.status == 200 && !seen.text.contains("afraid") && !seen.text.contains("Rosa"));
    assert_eq!(stranger.get(&page).await.status, 404);

    let official = ward.house.hire(&[Role::PrivacyOfficial]).await;
    let mut official = ward.house.signed_in(official).await;
    assert!(official.get(&page).await.text.contains("afraid of her"));
    assert!(official.submit(&page, &lift, &[]).await.location().ends_with("done=lifted"));
    assert!(colleague.submit(&page, &page, &NEW).await.location().ends_with("done=added"));
    let acts = ward.house.acts(Some(ward.patient)).await;
    let of_refusals = acts.iter().filter(|act| act.contains("refus") && !act.ends_with("refused"));
    assert_eq!(of_refusals.count(), 0, "no act is named after a refusal: {acts:?}");
}

#[tokio::test]
async fn names_contacts_and_reasons_are_sealed() {
    let mut ward = Ward::begin().await;
    let (page, refusals) = (ward.page(), ward.refusals());
    ward.browser.submit(&page, &page, &NEW).await;
    let why = [("who", "Quetzalcanary"), ("who_contact", "Quetzalcanary"), ("why", "Quetzalcanary, danger")];
    assert_eq!(ward.browser.submit(&page, &refusals, &why).await.status, 303);
    let mut conn = ward.house.keep.read().await.unwrap();
    let columns = [
        ("SELECT name FROM representative", "name"),
        ("SELECT contact FROM representative", "contact"),
        ("SELECT name FROM representative_refusal", "name"),
        ("SELECT contact FROM representative_refusal", "contact"),
        ("SELECT reason FROM representative_refusal", "reason"),
    ];
    for (sql, column) in columns {
        let row = conn.row(sql, args![]).await.unwrap().unwrap();
        let bytes = row.blob(column).unwrap();
        let found = bytes.windows(CANARY.len()).any(|window| window.eq_ignore_ascii_case(CANARY.as_bytes()));
        assert!(!found && bytes.len() > CANARY.len(), "{sql}");
    }
}

#[test]
fn every_authority_asks_for_its_own_evidence() {
    let fits: Vec<String> = Authority::ALL
        .iter()
        .map(|of| {
            let seen = Evidence::ALL.iter().filter(|seen| of.is_shown_by(**seen));
            format!("{}: {}", of.code(), seen.map(|seen| seen.code()).collect::<Vec<_>>().join(" "))
        })
        .collect();
    let table = [
        "parent: birth_record court_paper",
        "guardian: court_paper",
        "agent: power_of_attorney",
        "court_order: court_paper",
        "executor: court_paper will",
        "supporter: patient_signed patient_word",
    ];
    assert_eq!(fits, table);
}

#[test]
fn a_form_with_a_slip_says_which() {
    let right = Typed {
        name: "Rosa".into(),
        authority: "supporter".into(),
        identity: "known".into(),
        evidence: "patient_word".into(),
        chart: "yes".into(),
        from: "2026-11-21".into(),
        until: "2026-11-21".into(),
        ..Typed::default()
    };
    let slips = |typed: &Typed| match typed.check(date(2026, 11, 21), "America/New_York") {
        Ok(new) => {
            assert_eq!(new.ends_at.since(new.begins_at), DAY_MS, "the last day counts whole");
            Vec::new()
        }
        Err(slips) => slips,
    };
    assert!(slips(&right).is_empty());
    type Spoil = fn(&mut Typed);
    let table: [(Spoil, (&str, &str)); 8] = [
        (|form| form.name = " - ".into(), ("name", "rep-fault-name")),
        (|form| form.evidence = "will".into(), ("evidence", "rep-fault-evidence")),
        (|form| form.chart.clear(), ("scope", "rep-fault-scope")),
        (|form| form.consent = "yes".into(), ("scope", "rep-fault-scope-supporter")),
        (|form| form.until = "2026-11-20".into(), ("until", "rep-fault-until-past")),
        (|form| form.until = "2047-11-22".into(), ("until", "rep-fault-until-far")),
        (|form| form.until = "tomorrow".into(), ("until", "rep-fault-until")),
        (|form| form.from = "2026-11-22".into(), ("until", "rep-fault-order")),
    ];
    for (spoil, slip) in table {
        let mut typed = right.clone();
        spoil(&mut typed);
        let found = slips(&typed);
        assert!(found.contains(&slip), "{slip:?} {found:?}");
    }
    assert!(rules::end_of("2047-11-21", date(2026, 11, 21), "UTC").is_ok());
}

#[test]
fn a_refused_person_is_known_by_a_part_of_the_name_or_by_the_contact() {
    let refused = ("José Ángel Ruiz", Some("+1 (555) 010-0142"));
    let same = [("Jose Ruiz", None), ("RUIZ, José Ángel", None), ("Someone Else", Some("555-010-0142"))];
    for name in same {
        assert!(may_be_same(refused, name), "{name:?}");
    }
    for name in [("José Ruiz Vega", None), ("Ana Ruiz", None), ("Ana", Some("555-010-0143")), ("", None)] {
        assert!(!may_be_same(refused, name), "{name:?}");
    }
    assert!(may_be_same(("A", Some("Rosa@Example.org")), ("B", Some("rosa@example.org"))));
    assert!(!may_be_same(("A", Some("-")), ("B", Some("-"))), "no digits are no number");
}
