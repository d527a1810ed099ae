//! Booking through the pages: who may, what is refused kindly, what the letters say, what the trail holds.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::{HOUR_MS, MINUTE_MS, Role};
use web::testing::{get, post};

fn form<'a>(patient: &'a str, clinician: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("patient", patient),
        ("clinician", clinician),
        ("day", "2026-11-21"),
        ("hour", "16:00"),
        ("length", "20"),
        ("kind", "follow_up"),
        ("reason", REASON),
    ]
}

fn with<'a>(
    fields: &[(&'static str, &'a str)],
    name: &'static str,
    value: &'a str,
) -> Vec<(&'static str, &'a str)> {
    fields.iter().map(|(field, old)| (*field, if *field == name { value } else { *old })).collect()
}

#[tokio::test]
async fn the_desk_books_and_the_patient_gets_a_letter_that_says_nothing() {
    let house = House::open().await;
    let desk = house.as_desk();
    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let booked = post(&desk, "/day/book", &form(&patient, &doctor)).await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text);
    let confirmed = get(&desk, booked.location()).await;
    assert!(confirmed.text.contains(NAME) && confirmed.text.contains("4:00"), "{}", confirmed.text);
    let day = get(&desk, "/day").await.text;
    assert!(day.contains(NAME) && day.contains("Invited") && day.contains("1 visit"), "{day}");
    assert!(!day.contains(REASON));
    let mut read = house.keep.read().await.unwrap();
    let letters = read.row("SELECT count(*) AS n FROM outbox", keep::args![]).await.unwrap().unwrap();
    assert_eq!(letters.int("n").unwrap(), 1);
    assert!(people::care_team::is_member(&mut read, house.patient, house.doctor, start()).await.unwrap());
    let told = house.trail().await;
    let entry = told.iter().find(|body| body.act == "visit.book").unwrap();
    assert_eq!(entry.details["approver"], house.desk.text());
    assert_eq!(entry.details["mailed"], "true");
}

/// Keeps the letters that went out.
#[derive(Default)]
struct Post(std::sync::Mutex<Vec<keep::Letter>>);

impl keep::Carrier for Post {
    fn carry<'a>(
        &'a self,
        _: vocabulary::JobId,
        letter: &'a keep::Letter,
    ) -> keep::BoxFuture<'a, Result<(), keep::CarryError>> {
        self.0.lock().unwrap().push(letter.clone());
        Box::pin(async { Ok(()) })
    }
}

/// The entry in the patient's calendar follows the visit: one UID, a rising number, gone when it is cancelled
/// (RFC 5546). It says nothing of why or with whom.
#[tokio::test]
async fn the_calendar_follows_the_visit() {
    let house = House::open().await;
    let desk = house.as_desk();
    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let booked = post(&desk, "/day/book", &form(&patient, &doctor)).await;
    let visit = booked.location().trim_end_matches("/booked").to_owned();
    // Letters of one millisecond have no order.
    house.clock.advance_ms(1);
    let moved = [("day", "2026-11-21"), ("hour", "17:00")];
    assert_eq!(post(&desk, &format!("{visit}/move"), &moved).await.status, StatusCode::SEE_OTHER);
    house.clock.advance_ms(1);
    let off = post(&desk, &format!("{visit}/cancel"), &[("by", "practice")]).await;
    assert_eq!(off.status, StatusCode::SEE_OTHER);
    let mail = Post::default();
    keep::outbox::deliver_due(&house.keep, &mail).await.unwrap();
    let entries: Vec<String> =
        mail.0.into_inner().unwrap().into_iter().filter_map(|letter| letter.calendar).collect();
    assert_eq!(entries.len(), 3);
    let line = |entry: &str, name: &str| {
        entry.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned()
    };
    let numbers: Vec<i64> = entries.iter().map(|it| line(it, "SEQUENCE:").parse().unwrap()).collect();
    assert!(numbers.windows(2).all(|two| two[0] < two[1]), "{numbers:?}");
    for entry in &entries {
        assert_eq!(line(entry, "UID:"), line(&entries[0], "UID:"));
        assert!(!entry.contains("http") && !entry.contains("Osei") && !entry.contains(REASON), "{entry}");
    }
    assert_eq!(line(&entries[1], "DTSTART:"), "20261121T220000Z");
    assert_eq!(line(&entries[2], "METHOD:"), "CANCEL");
}

#[tokio::test]
async fn a_patient_without_an_address_gets_a_link_to_hand_over() {
    let house = House::open().await;
    let (patient, doctor) = (house.other_patient.text(), house.doctor.text());
    let booked = post(&house.as_desk(), "/day/book", &form(&patient, &doctor)).await;
    assert_eq!(booked.status, StatusCode::OK);
    assert!(booked.text.contains("/i#"), "{}", booked.text);
}

#[tokio::test]
async fn faults_are_said_and_what_was_typed_stays() {
    let house = House::open().await;
    let desk = house.as_desk();
    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let good = form(&patient, &doctor);
    let cases = [
        ("day", "2026-11-20", "This time is over"),
        ("day", "2126-11-21", "more than two years away"),
        ("day", "soon", "Choose a day"),
        ("hour", "", "Choose a time"),
        ("clinician", patient.as_str(), "Choose who will see the patient"),
        ("length", "7", "Choose how long"),
        ("kind", "party", "Choose the type"),
    ];
    for (field, value, sentence) in cases {
        let answer = post(&desk, "/day/book", &with(&good, field, value)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        assert!(answer.text.contains(sentence), "{field}={value}: {}", answer.text);
        assert!(answer.text.contains(REASON), "the reason typed before {field}={value} is still there");
    }
    let night = with(&with(&good, "day", "2027-03-14"), "hour", "02:30");
    let skipped = post(&desk, "/day/book", &night).await;
    assert!(skipped.text.contains("Clocks jump ahead"), "{}", skipped.text);
    assert!(get(&desk, "/day").await.text.contains("No visits"));
}

#[tokio::test]
async fn two_visits_of_one_clinician_do_not_overlap() {
    let house = House::open().await;
    let desk = house.as_desk();
    let (patient, other, doctor) = (house.patient.text(), house.other_patient.text(), house.doctor.text());
    let first = form(&patient, &doctor);
    assert_eq!(post(&desk, "/day/book", &first).await.status, StatusCode::SEE_OTHER);
    let second = with(&form(&other, &doctor), "hour", "16:10");
    let refused = post(&desk, "/day/book", &second).await;
    assert!(refused.text.contains("another visit with this clinician"), "{}", refused.text);
    let next = with(&second, "hour", "16:20");
    assert_eq!(post(&desk, "/day/book", &next).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_search_is_a_post_and_never_puts_a_name_into_an_address() {
    let house = House::open().await;
    let desk = house.as_desk();
    let found = post(&desk, "/day/book/find", &[("q", "canary"), ("day", "2026-11-21")]).await;
    assert!(found.text.contains(NAME));
    let addresses = found.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for address in addresses {
        assert!(!address.to_lowercase().contains("canary"), "{address}");
    }
    let none = post(&desk, "/day/book/find", &[("q", "zzz")]).await;
    assert!(none.text.contains("No patient with this name"));
}

#[tokio::test]
async fn a_clinician_sees_own_visits_and_the_desk_sees_all() {
    let house = House::open().await;
    let booked = house.booked().await;
    assert!(get(&house.as_doctor(), "/day").await.text.contains(NAME));
    assert!(!get(&house.as_other_doctor(), "/day").await.text.contains(NAME));
    let path = format!("/visits/{}", booked.visit.text());
    assert_eq!(get(&house.as_doctor(), &path).await.status, StatusCode::OK);
    let foreign = get(&house.as_other_doctor(), &path).await;
    let absent = get(&house.as_other_doctor(), "/visits/019a0000-0000-7000-8000-000000000000").await;
    assert_eq!((foreign.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert!(!foreign.text.contains(NAME));
    let refusals: Vec<_> = house.trail().await;
    let refused = refusals.iter().filter(|body| body.outcome == keep::Outcome::Refused).count();
    assert_eq!(refused, 2, "both looks are in the trail, also the one at what is not there");
}

/// R11 (part: the reason of a visit): only the care team reads it, and every look is in the trail.
#[tokio::test]
async fn the_reason_is_for_the_care_team_alone() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = format!("/visits/{}", booked.visit.text());
    let desk = get(&house.as_desk(), &path).await.text;
    assert!(desk.contains(NAME) && !desk.contains(REASON), "the desk sees the visit without its reason");
    assert!(!house.acts().await.contains(&"visit.reason".to_owned()));
    let doctor = get(&house.as_doctor(), &path).await.text;
    assert!(doctor.contains(REASON), "{doctor}");
    assert!(house.acts().await.contains(&"visit.reason".to_owned()));
}

#[tokio::test]
async fn a_visit_moves_and_its_link_stays_until_somebody_waits() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let path = format!("/visits/{}/move", booked.visit.text());
    let door = house.door(&booked).await;
    house.clock.advance_ms(1);
    let moved = post(&desk, &path, &[("day", "2026-11-25"), ("hour", "09:30")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    assert_eq!(house.door(&booked).await, door, "the link that the patient has stays");
    assert!(get(&desk, "/day?day=2026-11-25").await.text.contains("9:30"));
    assert!(!get(&desk, "/day").await.text.contains(NAME));
    // Four days later, past the end the link had at first, it still opens check-in.
    house.clock.advance_ms(88 * HOUR_MS);
    let welcome = get(&house.as_guest(&booked), &format!("/g/{door}/check-in/welcome")).await;
    assert_eq!(welcome.status, StatusCode::OK, "{}", welcome.text);
    let mut read = house.keep.read().await.unwrap();
    let newest = people::invitations::newest(&mut read, booked.participant).await.unwrap().unwrap();
    assert!(newest.standing.is_open(house.keep.clock().now()));
    drop(read);
    let told = house.trail().await;
    let entry = told.iter().find(|body| body.act == "visit.move").unwrap();
    assert_ne!(entry.details["from"], entry.details["starts_at"]);
    house.held(&booked).await;
    let late = post(&desk, &path, &[("day", "2026-11-26"), ("hour", "09:30")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("cannot be moved"), "{}", late.text);
}

#[tokio::test]
async fn cancelling_asks_who_once_says_so_behind_the_link_and_can_be_undone() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let page = format!("/visits/{}", booked.visit.text());
    let path = format!("{page}/cancel");
    assert!(get(&desk, &path).await.text.contains("Cancel this visit?"));
    assert_eq!(post(&desk, &path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.state_of(booked.visit).await.0, "open");
    assert_eq!(post(&desk, &path, &[("by", "patient")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.state_of(booked.visit).await.0, "cancelled");
    let again = post(&desk, &path, &[("by", "patient")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let standing = |house: &House| {
        let keep = house.keep.clone();
        async move {
            let mut read = keep.read().await.unwrap();
            let newest = people::invitations::newest(&mut read, booked.participant).await.unwrap().unwrap();
            newest.standing.state
        }
    };
    assert_eq!(standing(&house).await, people::invitations::State::Cancelled);

    assert!(get(&desk, &page).await.text.contains("Was this a mistake?"));
    assert!(get_es(&desk, &page).await.text.contains("¿Fue un error?"));
    let undone = post(&desk, &format!("{page}/restore"), &[]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.text);
    assert_eq!(house.state_of(booked.visit).await.0, "open");
    assert_eq!(standing(&house).await, people::invitations::State::Issued);
    let twice = post(&desk, &format!("{page}/restore"), &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let told = house.trail().await;
    let entry = |act: &str| told.iter().find(|body| body.act == act).unwrap();
    assert_eq!(entry("visit.cancel").details["by"], "patient");
    assert_eq!(entry("visit.restore").details["from"], "cancelled");
    let mut read = house.keep.read().await.unwrap();
    let letters = read.row("SELECT count(*) AS n FROM outbox", keep::args![]).await.unwrap().unwrap();
    assert_eq!(letters.int("n").unwrap(), 2, "told that it is off, told that it is on");
}

#[tokio::test]
async fn what_was_cancelled_is_not_given_back_on_top_of_another_visit_or_long_after() {
    let house = House::open().await;
    let booked = house.booked().await;
    let desk = house.as_desk();
    let page = format!("/visits/{}", booked.visit.text());
    post(&desk, &format!("{page}/cancel"), &[("by", "practice")]).await;
    house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let taken = post(&desk, &format!("{page}/restore"), &[]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.text.contains("This time is taken by now"), "{}", taken.text);
    let house = House::open().await;
    let booked = house.booked().await;
    let page = format!("/visits/{}", booked.visit.text());
    post(&house.as_desk(), &format!("{page}/cancel"), &[("by", "practice")]).await;
    house.clock.advance_ms(2 * HOUR_MS);
    assert_eq!(post(&house.as_desk(), &format!("{page}/restore"), &[]).await.status, StatusCode::CONFLICT);
    assert!(!get(&house.as_desk(), &page).await.text.contains("Was this a mistake?"));
}

#[tokio::test]
async fn a_no_show_can_be_noted_only_after_the_start() {
    let house = House::open().await;
    let booked = house.booked().await;
    let path = format!("/visits/{}/no-show", booked.visit.text());
    assert_eq!(post(&house.as_desk(), &path, &[]).await.status, StatusCode::CONFLICT);
    house.clock.advance_ms(25 * MINUTE_MS);
    assert_eq!(post(&house.as_desk(), &path, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.state_of(booked.visit).await.0, "no_show");
    // They come after all, ten minutes late.
    let restore = format!("/visits/{}/restore", booked.visit.text());
    assert_eq!(post(&house.as_desk(), &restore, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.state_of(booked.visit).await.0, "open");
    let door = house.door(&booked).await;
    let welcome = get(&house.as_guest(&booked), &format!("/g/{door}/check-in/welcome")).await;
    assert_eq!(welcome.status, StatusCode::OK);
}

#[tokio::test]
async fn administrators_officials_and_strangers_see_no_day() {
    let house = House::open().await;
    let admin = house.staff(house.desk, &[Role::Administrator, Role::PrivacyOfficial]);
    assert_eq!(get(&admin, "/day").await.status, StatusCode::NOT_FOUND);
    let nobody = house.router(vocabulary::Principal::Anonymous);
    assert!(get(&nobody, "/day").await.location().starts_with("/sign-in"));
    let booked = house.booked().await;
    let guest = house.as_guest(&booked);
    assert_eq!(get(&guest, "/day").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&guest, &format!("/visits/{}", booked.visit.text())).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_waits_is_shown_with_badges_and_only_the_host_may_admit() {
    let house = House::open().await;
    let booked = house.booked().await;
    let guest = house.as_guest(&booked);
    check_in(&guest, &house.door(&booked).await).await;
    let mut tx = house.keep.begin().await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    crate::before::check_in::enter_lobby(&mut tx, booked.participant, &rules).await.unwrap();
    let entry = keep::Entry::new(keep::Object::of("participant", booked.participant.text()));
    tx.commit(&program(policy::Act::KeepVisit), entry).await.unwrap();
    house.clock.advance_ms(6 * MINUTE_MS);
    let doctor = get(&house.as_doctor(), "/day/queue").await.text;
    for word in
        [NAME, "Consent", "Massachusetts", "Ready", "waiting \u{2068}6\u{2069} min", "Admit", "alcove-room"]
    {
        assert!(doctor.contains(word), "{word}: {doctor}");
    }
    assert!(!doctor.contains("<html"), "the fragment is no page");
    assert!(!doctor.contains(ADDRESS), "the list names the state, not the address");
    let desk = get(&house.as_desk(), "/day/queue").await.text;
    assert!(desk.contains(NAME) && !desk.contains("Admit<"), "{desk}");
    let spanish = get_es(&house.as_desk(), "/day").await.text;
    assert!(spanish.contains("Sala de espera") && spanish.contains("sábado, 21 de noviembre"), "{spanish}");
}

/// A lobby opens before midnight for a visit after it: the desk sees who waits there, on this evening's page.
#[tokio::test]
async fn who_waits_around_midnight_is_on_the_page_of_the_evening() {
    let house = House::open().await;
    let night = house.booked_for(house.patient, 9 * HOUR_MS + 10 * MINUTE_MS).await;
    house.clock.advance_ms(9 * HOUR_MS - 10 * MINUTE_MS);
    let desk = house.as_desk();
    assert!(!get(&desk, "/day").await.text.contains(NAME), "a visit of tomorrow, and nobody waits");
    house.waits(&night).await;
    for page in ["/day", "/day/queue"] {
        let text = get(&desk, page).await.text;
        assert_eq!(text.matches("class=\"person\"").count(), 1, "{page}: {text}");
        assert!(text.contains(NAME) && text.contains("12:10"), "{page}: {text}");
    }
    house.clock.advance_ms(30 * MINUTE_MS);
    assert_eq!(get(&desk, "/day").await.text.matches("class=\"person\"").count(), 1, "once, on its own day");
}
