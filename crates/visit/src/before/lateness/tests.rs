//! Late: one press, and everybody whom it concerns knows, each in the way that reaches them.

use crate::test_house::*;
use axum::http::StatusCode;
use keep::testing::posted;
use keep::{Carrier, CarryError, Letter};
use vocabulary::{HOUR_MS, JobId, MINUTE_MS, Role};
use web::testing::{get, post};

#[tokio::test]
async fn everybody_who_waits_and_everybody_who_is_due_is_told_and_nobody_else() {
    let house = House::open().await;
    // Otto waits; Maria is due in an hour, and has another visit tomorrow.
    let waiting = house.booked_for(house.other_patient, 5 * MINUTE_MS).await;
    let due = house.booked_for(house.patient, HOUR_MS).await;
    let tomorrow = house.booked_for(house.patient, 24 * HOUR_MS).await;
    house.waits(&waiting).await;
    let desk = house.as_desk();
    let whom = house.doctor.text();
    let said = post(&desk, "/day/late", &[("with", &whom), ("minutes", "20")]).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
    let day = get(&desk, "/day").await.text;
    assert!(day.contains("Osei") && day.contains("about \u{2068}20\u{2069} min late"), "{day}");

    // In the lobby, in the language of whoever waits.
    let door = house.door(&waiting).await;
    let lobby = get(&house.as_guest(&waiting), &format!("/g/{door}/word")).await.text;
    assert!(lobby.contains("Vamos con unos 20 minutos de retraso"), "{lobby}");
    // By letter to whoever is due: 4:00 becomes 4:20. Once, and none for tomorrow.
    let letters: Vec<String> =
        posted(&house.keep).await.into_iter().map(|one| one.subject + &one.text).collect();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].contains("4:20") && letters[0].contains(PHRASE), "{letters:?}");
    for word in ["Osei", "Maria", REASON] {
        assert!(!letters[0].contains(word), "{word} stands in {letters:?}");
    }
    let told = house.trail().await;
    let of = |visit: vocabulary::VisitId| {
        told.iter().filter(|b| b.act == "lateness.say" && b.object_id == visit.text()).count()
    };
    assert_eq!((of(waiting.visit), of(due.visit), of(tomorrow.visit)), (1, 1, 0));

    let over = post(&desk, "/day/late", &[("with", &whom), ("minutes", "0")]).await;
    assert_eq!(over.status, StatusCode::SEE_OTHER);
    assert!(!get(&desk, "/day").await.text.contains("min late"));
    let lobby = get(&house.as_guest(&waiting), &format!("/g/{door}/word")).await.text;
    assert!(lobby.contains("Ya vamos a tiempo"), "{lobby}");
}

#[tokio::test]
async fn a_clinician_says_it_of_nobody_else() {
    let house = House::open().await;
    let (own, other) = (house.doctor.text(), house.other_doctor.text());
    let doctor = house.as_doctor();
    let foreign = post(&doctor, "/day/late", &[("with", &other), ("minutes", "20")]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let mine = post(&doctor, "/day/late", &[("with", &own), ("minutes", "20")]).await;
    assert_eq!(mine.status, StatusCode::SEE_OTHER);
    let odd = post(&doctor, "/day/late", &[("with", &own), ("minutes", "17")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    let admin = house.staff(house.desk, &[Role::Administrator]);
    let asked = post(&admin, "/day/late", &[("with", &own), ("minutes", "20")]).await;
    assert_eq!(asked.status, StatusCode::NOT_FOUND);
}

/// Whoever cannot be reached by mail stands out in the list, until a letter gets through again.
#[tokio::test]
async fn mail_that_bounces_is_seen_beside_the_name() {
    struct Fails(CarryError);
    impl Carrier for Fails {
        fn carry<'a>(&'a self, _: JobId, _: &'a Letter) -> keep::BoxFuture<'a, Result<(), CarryError>> {
            Box::pin(async { Err(self.0) })
        }
    }
    let house = House::open().await;
    let booked = house.booked_for(house.patient, 5 * HOUR_MS).await;
    let desk = house.as_desk();
    let resend = format!("/visits/{}/invite", booked.visit.text());
    assert!(!get(&desk, "/day").await.text.contains("Mail "));
    post(&desk, &resend, &[]).await;
    keep::outbox::deliver_due(&house.keep, &Fails(CarryError::Later("busy"))).await.unwrap();
    assert!(get(&desk, "/day").await.text.contains("Mail delayed"));
    house.clock.advance_ms(HOUR_MS);
    keep::outbox::deliver_due(&house.keep, &Fails(CarryError::Never("no_such_address"))).await.unwrap();
    assert!(get(&desk, "/day").await.text.contains("Mail bounced"));
    assert!(get_es(&desk, "/day").await.text.contains("Correo rechazado"));
    house.clock.advance_ms(MINUTE_MS);
    post(&desk, &resend, &[]).await;
    posted(&house.keep).await;
    assert!(!get(&desk, "/day").await.text.contains("Mail bounced"));
    // A text that its reader stopped is no letter.
    house.clock.advance_ms(MINUTE_MS);
    let mut tx = house.keep.begin().await.unwrap();
    let now = tx.now();
    let text = Letter::sms("+15550100777", "soon").of(keep::Owner::Patient(house.patient));
    tx.post(text, now).await.unwrap();
    tx.stop_texts("+15550100777").await.unwrap();
    tx.commit(&program(policy::Act::Furnish), keep::Entry::new(keep::Object::of("texts", ""))).await.unwrap();
    assert!(get(&desk, "/day").await.text.contains("Text not delivered"));
}
