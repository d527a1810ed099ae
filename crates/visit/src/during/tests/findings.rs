//! What the sheet of a visit has open when it ends is a finding: through pages and sockets, however it ends.

use super::admitting::{deputy_of, looked_at};
use super::house::{Guest, House, Meeting, Page, furnish};
use crate::before::booking::Booked;
use crate::before::rules::{Part, ParticipantState as S, VisitState};
use crate::before::staff_readiness::tests::{MEASURED, PLACE, SAFE, all};
use crate::before::store::{participant, participants, set_participant};
use crate::test_house::{self, check_in};
use keep::{Entry, Object};
use people::sessions;
use serde_json::json;
use vocabulary::{HOUR_MS, Role};
use web::testing::{get, post};

/// A visit of the practice's pages for which all was done that can be done before it.
async fn prepared(house: &House) -> (test_house::House, Booked, Meeting) {
    let practice = test_house::House::furnished(house.keep.clone(), house.clock.clone()).await;
    let booked = practice.booked().await;
    let (guest, door) = (practice.as_guest(&booked), practice.door(&booked).await);
    assert_eq!(post(&guest, &format!("/g/{door}/contact"), &[("channel", "mail")]).await.status, 303);
    assert_eq!(post(&guest, &format!("/g/{door}/needs"), &[("tongue", "eng")]).await.status, 303);
    check_in(&guest, &door).await;
    post(&guest, &format!("/g/{door}/check-in/readiness"), &all(&[&MEASURED, &SAFE])).await;
    let own = post(&practice.as_doctor(), "/day/ready", &all(&[&MEASURED, &SAFE, &PLACE])).await;
    assert_eq!(own.location(), "/day");
    house.clock.advance_ms(1);
    practice.enters_lobby(&booked).await;

    let mut tx = house.keep.begin().await.unwrap();
    let (rules, now) = (house.keep.settings().house_rules.clone(), tx.now());
    let all = participants(&mut tx, booked.visit).await.unwrap();
    let host = all.iter().find(|row| row.part == Part::Clinician).unwrap();
    set_participant(&mut tx, host, S::Admitted, now).await.unwrap();
    let how = sessions::How::Link;
    let staff = sessions::start_staff(&mut tx, &rules, practice.doctor, how).await.unwrap().session;
    let seat = sessions::Guest {
        door: "0123456789abcdef",
        visit: booked.visit,
        participant: booked.participant,
        patient: practice.patient,
        known: true,
        until: now.plus_ms(HOUR_MS),
    };
    let guest = sessions::start_guest(&mut tx, &rules, &seat).await.unwrap().session;
    let patient = Guest { id: booked.participant, session: guest };
    let host = Guest { id: host.id, session: staff };
    tx.commit(&furnish(), Entry::new(Object::of("visit", booked.visit.text()))).await.unwrap();
    let meeting = Meeting { visit: booked.visit, person: practice.doctor, host, patient, supporter: patient };
    (practice, booked, meeting)
}

async fn compares(host: &mut Page, meeting: &Meeting, outcome: &str) {
    let said = json!({ "participant": meeting.patient.id.text(), "outcome": outcome });
    host.say("compared", said).await;
    host.caught_up().await;
}

#[tokio::test]
async fn a_visit_by_the_book_ends_without_a_finding() {
    let house = House::open().await;
    let (practice, booked, meeting) = prepared(&house).await;
    let (_patient, mut host) = house.meet(&meeting).await;
    looked_at(&house, &meeting, (meeting.patient.id, "passed")).await;
    compares(&mut host, &meeting, "matches").await;
    host.say("end", json!({})).await;
    host.next("ended").await;
    assert_eq!(house.visit_state(meeting.visit).await, VisitState::Ended);
    assert_eq!(practice.findings().await, []);
    let sheet = get(&practice.as_doctor(), &format!("/visits/{}/sheet", booked.visit.text())).await.text;
    assert!(!sheet.contains("data-found"), "{sheet}");
}

/// Digits that nobody compared, and nobody who looked who it was: these two and nothing else, once, and the
/// sheet says where they went.
#[tokio::test]
async fn what_the_sheet_has_open_is_found_when_the_visit_ends() {
    let house = House::open().await;
    let (practice, booked, meeting) = prepared(&house).await;
    let (_patient, mut host) = house.meet(&meeting).await;
    compares(&mut host, &meeting, "skipped").await;
    let page = format!("/visits/{}/sheet", booked.visit.text());
    assert!(!get(&practice.as_doctor(), &page).await.text.contains("data-found"), "it goes on");
    assert_eq!(practice.findings().await, []);
    host.say("end", json!({})).await;
    host.next("ended").await;
    let found = async || {
        let mut found = practice.findings().await;
        found.sort_unstable();
        found
    };
    assert_eq!(found().await, [("code-skipped", 1), ("not-identified", 1)]);
    // However often somebody says that it is over.
    let by_phone = format!("/visits/{}/by-phone", booked.visit.text());
    assert_eq!(post(&practice.as_doctor(), &by_phone, &[("why", "wish")]).await.status, 409);
    let house = house.restarted().await;
    let mut again = house.page(&meeting, meeting.host).await;
    again.next("ended").await;
    assert_eq!(found().await, [("code-skipped", 1), ("not-identified", 1)]);

    let sheet = get(&practice.as_doctor(), &page).await.text;
    assert!(sheet.contains("data-found") && !sheet.contains("href=\"/practice/findings\""), "{sheet}");
    let both = practice.staff(practice.doctor, &[Role::Clinician, Role::PrivacyOfficial]);
    assert!(get(&both, &page).await.text.contains("href=\"/practice/findings\""));
    let trail = practice.trail().await;
    let raised: Vec<_> = trail.iter().filter(|body| body.object == "finding").collect();
    assert_eq!(raised.len(), 2, "each has its entry");
    assert!(raised.iter().all(|body| body.act == "finding.raise"), "{:?}", raised[0].act);
}

#[tokio::test]
async fn a_visit_that_goes_on_by_phone_leaves_what_it_had_open() {
    let house = House::open().await;
    let (practice, booked, meeting) = prepared(&house).await;
    let (mut patient, mut host) = house.meet(&meeting).await;
    compares(&mut host, &meeting, "mismatch").await;
    looked_at(&house, &meeting, (meeting.patient.id, "passed")).await;
    let by_phone = format!("/visits/{}/by-phone", booked.visit.text());
    assert_eq!(post(&practice.as_doctor(), &by_phone, &[("why", "wish")]).await.status, 303);
    patient.next("ended").await;
    host.next("ended").await;
    assert_eq!(practice.findings().await, [("code-mismatch", 1)]);
    let row = participant(&mut house.keep.read().await.unwrap(), meeting.patient.id).await.unwrap();
    assert!(row.admitted_at.is_some());
}

/// Of whoever a deputy looked at and the host never met nothing is found; of whoever stayed until the host
/// came, or was put out by the host, what nobody did is.
#[tokio::test]
async fn who_met_the_host_counts_and_nobody_else() {
    let both = [("code-skipped", 1), ("not-identified", 1)];
    for (goes, met) in [("back_to_lobby", false), ("stays", true), ("remove", true)] {
        let house = House::open().await;
        let (practice, _, meeting) = prepared(&house).await;
        let whom = json!({ "participant": meeting.patient.id.text() });
        let mut patient = house.page(&meeting, meeting.patient).await;
        let mut deputy = house.page(&meeting, deputy_of(&house, &meeting).await).await;
        deputy.next("queue").await;
        deputy.say("admit", whom.clone()).await;
        patient.next("room").await;
        if goes == "back_to_lobby" {
            deputy.say(goes, whom.clone()).await;
            patient.next("returned").await;
        }
        house.clock.advance_ms(1_000);
        let mut host = house.page(&meeting, meeting.host).await;
        host.next("room").await;
        if goes == "remove" {
            host.say(goes, whom).await;
            patient.next("removed").await;
        }
        house.clock.advance_ms(1_000);
        host.say("end", json!({})).await;
        host.next("ended").await;
        let mut found = practice.findings().await;
        found.sort_unstable();
        assert_eq!(found, if met { &both[..] } else { &[] }, "{goes}");
    }
}
