//! An interpreter who was booked and is qualified no more: what the sheet, their own page and an undone
//! cancellation say of it.

use crate::before::check_in::store::put_promise;
use crate::before::rules::{Part, ParticipantState};
use crate::before::store::{participant, participants, set_participant};
use crate::test_house::*;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{ParticipantId, Principal, SessionId, VisitId};
use web::testing::{get, post};

async fn booked_for(house: &House, visit: VisitId) -> (String, ParticipantId) {
    let elena = house.interpreter("Elena Ruiz", "elena@interpreters.example", "spa").await;
    let fields = [("interpreter", elena.as_str()), ("tongue", "spa")];
    let path = format!("/visits/{}/interpreter", visit.text());
    assert_eq!(post(&house.as_desk(), &path, &fields).await.status, StatusCode::OK);
    let all = participants(&mut house.keep.read().await.unwrap(), visit).await.unwrap();
    (elena, all.iter().find(|row| row.part == Part::Interpreter).unwrap().id)
}

/// The sheet has who interprets and by which right, done or failed; with a need and nobody, that it is to
/// come.
#[tokio::test]
async fn the_sheet_says_who_interprets() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (desk, sheet) = (house.as_desk(), format!("/visits/{}/sheet", booked.visit.text()));
    assert!(!get(&desk, &sheet).await.text.contains("sheet-interpreter"), "nobody needs one");
    let needs = format!("/patients/{}/needs", house.patient.text());
    post(&desk, &needs, &[("tongue", "spa"), ("interpreter", "yes")]).await;
    let line = |outcome: &str| format!("data-step=\"sheet-interpreter\" data-outcome=\"{outcome}\"");
    assert!(get(&desk, &sheet).await.text.contains(&line("later")));
    let (elena, _) = booked_for(&house, booked.visit).await;
    assert!(get(&desk, &sheet).await.text.contains(&line("done")));
    let alone = [
        ("lay_name", "Tim"),
        ("lay_tongue", "spa"),
        ("age", "minor"),
        ("grounds", "emergency"),
        ("lay_reason", "Chest pain"),
    ];
    post(&desk, &format!("/visits/{}/interpreter/exception", booked.visit.text()), &alone).await;
    post(&desk, &format!("/practice/interpreters/{elena}/end"), &[]).await;
    let after = get(&desk, &sheet).await.text;
    assert!(after.contains(&line("failed")), "{after}");
    assert!(after.contains("data-step=\"sheet-exception\" data-outcome=\"waived\""), "{after}");
    assert!(!after.contains("Chest pain") && !after.contains("Tim"), "grounds, not words");
}

/// The sheet of a visit that took place stays as it was: done when they came in, whatever the register says
/// later, and failed when they were booked and never came.
#[tokio::test]
async fn the_sheet_of_a_past_visit_does_not_change_with_the_register() {
    for (came, outcome) in [(true, "done"), (false, "failed")] {
        let house = House::open().await;
        let booked = house.booked().await;
        let (elena, her) = booked_for(&house, booked.visit).await;
        if came {
            let mut tx = house.keep.begin().await.unwrap();
            let (row, now) = (participant(&mut tx, her).await.unwrap(), tx.now());
            set_participant(&mut tx, &row, ParticipantState::Admitted, now).await.unwrap();
            tx.commit(&program(Act::KeepVisit), Entry::new(Object::of("visit", ""))).await.unwrap();
        }
        house.held(&booked).await;
        let (desk, sheet) = (house.as_desk(), format!("/visits/{}/sheet", booked.visit.text()));
        let line = format!("data-step=\"sheet-interpreter\" data-outcome=\"{outcome}\"");
        assert!(get(&desk, &sheet).await.text.contains(&line), "{outcome} that day");
        post(&desk, &format!("/practice/interpreters/{elena}/end"), &[]).await;
        assert!(get(&desk, &sheet).await.text.contains(&line), "{outcome} afterwards");
    }
}

/// Whoever was taken out of the register reads whom to call, and finds no way in.
#[tokio::test]
async fn their_own_page_offers_no_way_in_any_more() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (elena, her) = booked_for(&house, booked.visit).await;
    let mut settings = (*house.keep.settings()).clone();
    (settings.house_rules.ask_place, settings.house_rules.ask_readiness) = (false, false);
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    let all = participants(&mut tx, booked.visit).await.unwrap();
    let row = all.iter().find(|row| row.id == her).unwrap();
    let now = tx.now();
    put_promise(&mut tx, row, now).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("practice", ""))).await.unwrap();
    let session = SessionId::from_bytes([8; 16]);
    let guest =
        house.router(Principal::Guest { participant: her, visit: booked.visit, session, known: true });
    let newest = people::invitations::newest(&mut house.keep.read().await.unwrap(), her).await.unwrap();
    let door = newest.unwrap().door;
    let (lobby, enter) = (format!("/g/{door}/lobby"), format!("/g/{door}/enter"));
    assert!(get(&guest, &lobby).await.text.contains(&enter));
    post(&house.as_desk(), &format!("/practice/interpreters/{elena}/end"), &[]).await;
    let closed = get(&guest, &lobby).await.text;
    assert!(!closed.contains(&enter) && closed.contains("Please call us"), "{closed}");
    assert!(get_es(&guest, &lobby).await.text.contains("Por favor, llámenos"));
}

/// A visit that takes place after all says when its interpreter does not.
#[tokio::test]
async fn a_visit_given_back_says_that_its_interpreter_is_gone() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (elena, _) = booked_for(&house, booked.visit).await;
    let (desk, visit) = (house.as_desk(), format!("/visits/{}", booked.visit.text()));
    let (cancel, restore) = (format!("{visit}/cancel"), format!("{visit}/restore"));
    post(&desk, &cancel, &[("by", "practice")]).await;
    let back = post(&desk, &restore, &[]).await;
    assert_eq!(back.location(), format!("{visit}?done=restored"), "{}", back.text);
    post(&desk, &cancel, &[("by", "practice")]).await;
    post(&desk, &format!("/practice/interpreters/{elena}/end"), &[]).await;
    let back = post(&desk, &restore, &[]).await;
    assert_eq!(back.location(), format!("{visit}?done=restored-interpreter"), "{}", back.text);
    assert!(get(&desk, back.location()).await.text.contains("book somebody else"));
    let told = house.trail().await;
    let entry = told.iter().rfind(|entry| entry.act == "visit.restore").unwrap();
    assert_eq!(entry.details["in_spite_of"], "unqualified-1");
}
