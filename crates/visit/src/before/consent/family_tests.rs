//! Consents where somebody acts for the patient: one consent carries both.

use super::rules::Lapse;
use super::staff_tests::{PLACE, rule, spoken};
use super::tests::{lapsed, set_with, take_back};
use super::{Scope, newest};
use crate::before::booking::Booked;
use crate::before::check_in::enter_lobby;
use crate::before::rules::{Part, ParticipantState};
use crate::before::store::{participant, participants, set_participant};
use crate::test_house::*;
use ::people::patients::day_in;
use axum::Router;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{Lang, MINUTE_MS, ParticipantId, PatientId, Principal, SessionId};
use web::testing::{get, post};

const FATHER: &str = "Ramon Canaryfather";

/// The patient's father, who was seen and may decide, with a link of his own to this visit.
pub(super) struct Father {
    pub id: ParticipantId,
    pub router: Router,
    pub door: String,
}

async fn father(house: &House, booked: &Booked) -> Father {
    let today = day_in(start(), "America/New_York").to_string();
    father_of(house, (house.patient, booked), &today).await
}

/// The same of any patient, until this day.
pub(super) async fn father_of(house: &House, (patient, booked): (PatientId, &Booked), until: &str) -> Father {
    let fields = [
        ("name", FATHER),
        ("contact", "ramon.canary@family.example"),
        ("authority", "guardian"),
        ("identity", "photo_id"),
        ("evidence", "court_paper"),
        ("from", "2026-01-01"),
        ("until", until),
        ("demographics", "yes"),
        ("consent", "yes"),
    ];
    let page = format!("/patients/{}/representatives", patient.text());
    let added = post(&house.as_doctor(), &page, &fields).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let visit = booked.visit;
    let page = format!("/visits/{}/representatives", visit.text());
    let one = hidden(&get(&house.as_doctor(), &page).await.text, "representative");
    let handed = post(&house.as_doctor(), &page, &[("representative", &one), ("lang", "en")]).await;
    assert_eq!(handed.status, StatusCode::OK, "{}", handed.text);
    let mut read = house.keep.read().await.unwrap();
    let all = participants(&mut read, visit).await.unwrap();
    let id = all.into_iter().find(|row| row.part == Part::Representative).unwrap().id;
    let door = ::people::invitations::newest(&mut read, id).await.unwrap().unwrap().door;
    let session = SessionId::from_bytes([8; 16]);
    let router = house.router(Principal::Guest { participant: id, visit, session, known: true });
    Father { id, router, door }
}

impl Father {
    pub async fn signs(&self) {
        assert_eq!(sign_papers_as(&self.router, &self.door, FATHER).await, StatusCode::SEE_OTHER);
    }

    async fn state(&self, house: &House) -> ParticipantState {
        participant(&mut house.keep.read().await.unwrap(), self.id).await.unwrap().state
    }

    /// Let in, as the live visit writes it down.
    async fn comes_in(&self, house: &House) {
        let mut tx = house.keep.begin().await.unwrap();
        let (row, now) = (participant(&mut tx, self.id).await.unwrap(), tx.now());
        set_participant(&mut tx, &row, ParticipantState::InRoom, now).await.unwrap();
        let entry = Entry::new(Object::of("participant", self.id.text()));
        tx.commit(&program(Act::KeepVisit), entry).await.unwrap();
    }
}

/// R58 (part: the state, where somebody acts for the patient): where only their device is used, the state
/// they give is the patient's: one that wants paper takes no signature on a screen, and another asks again.
#[tokio::test]
async fn the_state_that_whoever_acts_for_the_patient_gives_decides() {
    let house = House::open().await;
    let booked = house.booked().await;
    let father = father(&house, &booked).await;
    father.signs().await;
    check_in(&father.router, &father.door).await;
    assert_eq!(lapsed(&house, &booked).await, None);
    let at = format!("/g/{}/check-in/location", father.door);
    let consent = format!("/g/{}/check-in/consent", father.door);
    let elsewhere = [("address", ADDRESS), ("state", "NH"), ("call_back", CALL_BACK)];
    assert_eq!(post(&father.router, &at, &elsewhere).await.location(), consent);
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::NewState));
    rule(&house, |rules| rules.paper_consent_states = "NH".into()).await;
    let page = get(&father.router, &consent).await.text;
    assert!(page.contains("Paper is needed here"), "{page}");
    assert_ne!(sign_papers_as(&father.router, &father.door, FATHER).await, StatusCode::SEE_OTHER);
    assert!(lapsed(&house, &booked).await.is_some());
    // The patient's own word comes first.
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let (sql, who) = ("UPDATE check_in SET state = 'MA' WHERE participant = $1", father.id);
    set_with(&house, sql, keep::args![who]).await;
    assert_eq!(lapsed(&house, &booked).await, None);
    post(&guest, &format!("/g/{door}/check-in/place"), PLACE).await;
    post(&guest, &format!("/g/{door}/check-in/readiness"), &[]).await;
    post(&guest, &format!("/g/{door}/check-in/location"), &elsewhere).await;
    assert_eq!(lapsed(&house, &booked).await, Some(Lapse::NewState));
}

/// R63 (part: everybody who is there on it): whoever takes the consent back, the patient in the portal or who
/// acts for them on their page, both are out of the room, and out of the next visit too; signed again, both
/// come back.
#[tokio::test]
async fn a_consent_taken_back_ends_the_place_of_everybody_who_is_there_on_it() {
    for in_the_portal in [true, false] {
        let house = House::open().await;
        let (booked, next) = (house.booked().await, house.booked_for(house.patient, 25 * MINUTE_MS).await);
        let father = father(&house, &booked).await;
        father.signs().await;
        check_in(&father.router, &father.door).await;
        let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
        check_in(&guest, &door).await;
        check_in(&house.as_guest(&next), &house.door(&next).await).await;
        house.comes_in(&booked).await;
        father.comes_in(&house).await;
        if in_the_portal {
            take_back(&house, &house.as_patient(house.patient), Scope::Telehealth).await;
        } else {
            post(&father.router, &format!("/g/{}/check-in/refuse", father.door), &[]).await;
        }
        assert_eq!(house.state_of(booked.visit).await.1, "refused", "{in_the_portal}");
        assert_eq!(father.state(&house).await, ParticipantState::Refused, "{in_the_portal}");
        assert_eq!(house.state_of(next.visit).await.1, "refused", "{in_the_portal}: the next visit");
        let mut read = house.keep.read().await.unwrap();
        let row = newest(&mut read, house.patient, Scope::Telehealth, Some(house.doctor)).await;
        assert_eq!(row.unwrap().unwrap().outcome, super::Outcome::Withdrawn);
        drop(read);
        sign_papers(&guest, &door).await;
        let rules = house.keep.settings().house_rules.clone();
        for who in [booked.participant, father.id, next.participant] {
            let mut tx = house.keep.begin().await.unwrap();
            assert!(enter_lobby(&mut tx, who, &rules).await.is_ok(), "signed again, all may come back");
        }
    }
}

/// R61 (part: signer and authority of a spoken consent): the copy names who said yes and by what right; for
/// somebody who is not of age that is whoever acts for them, or a reason is written down.
#[tokio::test]
async fn the_copy_of_a_spoken_consent_names_who_said_yes() {
    let house = House::open().await;
    rule(&house, |rules| rules.voice_consent_states = "MA".into()).await;
    let child = child(&house).await;
    let booked = house.booked_for(child, 20 * MINUTE_MS).await;
    let father = father_of(&house, (child, &booked), "2026-12-09").await;
    let (page, desk) = (format!("/visits/{}", booked.visit.text()), house.as_desk());
    let (take, heard_by) = (format!("{page}/consent"), house.other_doctor.text());
    let mut fields = spoken("telehealth.2026-1.en", &heard_by);
    let alone = post(&desk, &take, &fields).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alone.text.contains("The patient is not of age. Choose who acts for them"), "{}", alone.text);
    assert!(alone.text.contains(&format!("{FATHER} (somebody who acts for the patient)")), "{}", alone.text);
    let (nobody, signer) = (house.desk.text(), father.id.text());
    for (said, status) in [("", 422), (nobody.as_str(), 422), (signer.as_str(), 303)] {
        fields.retain(|(field, _)| *field != "signer");
        fields.push(("signer", said));
        let answer = post(&desk, &take, &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{said}: {}", answer.text);
    }
    let copy = get(&father.router, &format!("/g/{}/consent/copy", father.door)).await.text;
    for part in [FATHER, "somebody who acts for the patient", "Read aloud by staff"] {
        assert!(copy.contains(part), "{part}: {copy}");
    }
    let mut read = house.keep.read().await.unwrap();
    let row = newest(&mut read, child, Scope::Telehealth, Some(house.doctor)).await.unwrap().unwrap();
    assert_eq!((row.of.participant, row.for_minor), (Some(father.id), true));
}

#[tokio::test]
async fn nobody_who_is_not_of_age_signs_alone() {
    let house = House::open().await;
    let child = child(&house).await;
    let booked = house.booked_for(child, 20 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let (screen, consent) = (format!("/g/{door}/check-in/screen"), format!("/g/{door}/check-in/consent"));
    get(&guest, &format!("/g/{door}/check-in/sample")).await;
    let text = hidden(&get(&guest, &screen).await.text, "text");
    let answer = post(&guest, &screen, &[("agree", "yes"), ("text", &text)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Somebody who acts for you has to sign"), "{}", answer.text);
    // Where an emergency opens the consent, it is refused as well.
    let press = format!("/visits/{}/consent/emergency", booked.visit.text());
    post(&house.as_doctor(), &press, &[("reason", "Chest pain, alone at home")]).await;
    assert_eq!(sign_papers_as(&guest, &door, "Cora Child").await, StatusCode::UNPROCESSABLE_ENTITY);
    let portal = house.as_patient(child);
    get(&portal, "/portal/sample").await;
    let text = hidden(&get(&portal, "/portal/agree/e_sign").await.text, "text");
    let fields = [("name", "Cora Child"), ("agree", "yes"), ("means", "stop"), ("text", text.as_str())];
    let answer = post(&portal, "/portal/agree/e_sign", &fields).await;
    assert!(answer.text.contains("Somebody who acts for you has to sign"), "{}", answer.text);
    let mut read = house.keep.read().await.unwrap();
    assert!(super::of_patient(&mut read, child).await.unwrap().is_empty(), "nothing is in force");
    drop(read);
    let page = get(&guest, &consent).await.text;
    assert!(page.contains("name=\"means\""), "{page}");
    let (take, heard_by) = (press.replace("/emergency", ""), house.other_doctor.text());
    let mut fields = spoken("telehealth.2026-1.en", &heard_by);
    fields.retain(|(field, _)| *field != "notice");
    fields.push(("basis", "Sixteen may agree to this care alone here: canary law"));
    let done = post(&house.as_desk(), &take, &fields).await;
    assert!(done.location().ends_with("done=consent"), "with a reason that is kept: {}", done.text);
}

/// Eighteen on the tenth of December.
pub(crate) async fn child(house: &House) -> PatientId {
    let birth_date = ::people::patients::BirthDate::parse("2008-12-10").unwrap();
    let child = new_patient("Cora Child", None, Lang::En);
    let child = ::people::patients::NewPatient { birth_date, ..child };
    let mut tx = house.keep.begin().await.unwrap();
    let id = ::people::patients::add(&mut tx, &child).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("patient", id.text()))).await.unwrap();
    house.names.put(&house.keep, id, &child);
    id
}
