//! The monthly review: its calendar, what stands out, and what keeps a month open.

use super::places::Place;
use super::rules::{BULK, DUE_MS, Kind, Month, Refused, Report, Seen, Standing, may_close, same_family};
use crate::trail::tests::House;
use policy::Act;
use vocabulary::{DAY_MS, HOUR_MS, MINUTE_MS, Role, UnixMillis};
use web::testing::{get, post};

const NEW_YORK: &str = "America/New_York";

fn november() -> Month {
    Month::parse("2026-11").unwrap()
}

#[test]
fn a_month_is_the_practices_own_and_has_one_spelling() {
    assert_eq!(november().begins(NEW_YORK), UnixMillis(1_793_505_600_000), "midnight in summer time");
    assert_eq!(november().ends(NEW_YORK), UnixMillis(1_796_101_200_000), "midnight in winter time");
    assert_eq!(Month::of(UnixMillis(1_793_505_599_999), NEW_YORK).text(), "2026-10");
    for wrong in ["2026-13", "2026-1", "26-11", "2026-11-01", "", "2026-11 "] {
        assert!(Month::parse(wrong).is_none(), "{wrong}");
    }
    let months = Month::since(UnixMillis(1_793_505_599_999), UnixMillis(1_796_101_200_000), NEW_YORK);
    assert_eq!(
        months.iter().map(|month| month.text()).collect::<Vec<_>>(),
        ["2026-12", "2026-11", "2026-10"]
    );
}

/// R39 (part: when a review is overdue)
#[test]
fn a_month_waits_from_its_end_and_is_overdue_two_weeks_later() {
    let end = november().ends(NEW_YORK);
    let at = |now, closed| november().standing(NEW_YORK, closed, now);
    assert_eq!(at(end.plus_ms(-1), false), Standing::Running);
    assert_eq!(at(end, false), Standing::Waiting);
    assert_eq!(at(end.plus_ms(DUE_MS - 1), false), Standing::Waiting);
    assert_eq!(at(end.plus_ms(DUE_MS), false), Standing::Overdue);
    assert_eq!(at(end.plus_ms(DUE_MS), true), Standing::Closed);
}

#[test]
fn an_unreviewed_emergency_keeps_a_month_open() {
    assert_eq!(may_close(Standing::Overdue, 0), Ok(()));
    assert_eq!(may_close(Standing::Waiting, 1), Err(Refused::Unreviewed));
    assert_eq!(may_close(Standing::Running, 0), Err(Refused::NotOver));
    assert_eq!(may_close(Standing::Closed, 0), Err(Refused::Closed));
}

/// R39 (part: exception reports)
#[test]
fn what_stands_out_is_counted_by_person() {
    let noon = november().ends(NEW_YORK).plus_ms(12 * HOUR_MS);
    let of = |seen: &[Seen<'_>]| {
        let mut report = Report::default();
        seen.iter().for_each(|one| report.add(one, NEW_YORK));
        report
    };
    let plain = of(&[seen(noon)]);
    assert!(Kind::ALL.iter().all(|kind| plain.total(*kind) == 0) && plain.entries == 1);
    let look = |at: UnixMillis| seen(at);
    let night = of(&[look(noon.plus_ms(9 * HOUR_MS)), look(noon.plus_ms(-6 * HOUR_MS - MINUTE_MS))]);
    assert_eq!(night.by_whom(Kind::OutOfHours), [("ana", 2)]);
    let day = of(&[look(noon.plus_ms(9 * HOUR_MS - 1)), look(noon.plus_ms(-6 * HOUR_MS))]);
    assert_eq!(day.total(Kind::OutOfHours), 0);
    assert_eq!(of(&[Seen { same_name: true, ..seen(noon) }]).total(Kind::SameName), 1);
    let acts = [
        ("session.sign_in", true, Kind::FailedSignIn),
        ("chart.break_glass", false, Kind::Emergency),
        ("trail.export", false, Kind::Export),
        ("chart.export", false, Kind::Export),
        ("chart.open", true, Kind::Refused),
    ];
    for (act, refused, kind) in acts {
        assert!(Act::parse(act).is_some(), "{act} is no act");
        assert_eq!(of(&[Seen { act, refused, ..seen(noon) }]).total(kind), 1, "{act}");
    }
    let patients: Vec<String> = (0..=BULK).map(|n| n.to_string()).collect();
    let many = |count: usize| {
        let seen = patients.iter().take(count).map(|id| Seen { patient: Some(id.as_str()), ..seen(noon) });
        of(&seen.collect::<Vec<_>>()).total(Kind::Bulk)
    };
    assert_eq!((many(BULK), many(BULK + 1)), (0, 1));
    let from = |session: &str| {
        let place = Place { session: session.into(), ..Place::default() };
        Seen { place: Some(place), ..seen(noon) }
    };
    assert_eq!(of(&[from("a"), from("b")]).total(Kind::TwoPlaces), 0, "went over to another desk");
    let to_and_fro = of(&[from("a"), from("b"), from("a"), from("b")]);
    assert_eq!(to_and_fro.by_whom(Kind::TwoPlaces), [("ana", 1)], "a day once");
}

fn seen(at: UnixMillis) -> Seen<'static> {
    let (staff, patient) = (Some("ana"), Some("p"));
    Seen { at, act: "chart.open", staff, patient, refused: false, same_name: false, place: None }
}

#[test]
fn a_family_name_is_the_last_word_of_a_name() {
    assert!(same_family("Dr. Ana Ruíz", "Pedro ruiz"));
    assert!(!same_family("Ana Ruiz", "Ruiz Soto") && !same_family("Ruiz", "Ruiz"));
}

/// R19 and R39 (part: what blocks closing a month): each use, with its reason, its half hour and its
/// banner, is an item that another person reviews, and the month stays open until then.
#[tokio::test]
async fn a_month_closes_once_its_emergencies_are_reviewed() {
    let house = House::open().await;
    let doctor = house.at(house.doctor, &[Role::Clinician], true).await;
    let ask = format!("/patients/{}/emergency", house.patient.text());
    let why = [("reason", "danger"), ("words", "Collapsed at work, no pulse")];
    assert_eq!(post(&doctor, &ask, &why).await.status, 303);
    let chart = format!("/patients/{}", house.patient.text());
    let open = get(&doctor, &chart).await;
    assert_eq!(open.status, 200);
    assert!(open.text.contains("/emergency/end"), "the banner, with its end in it");
    house.clock.advance_ms(HOUR_MS);
    assert!(!get(&doctor, &chart).await.text.contains("/emergency/end"), "closed by itself");
    let page = "/practice/trail/reviews/2026-11";
    let found = [("findings", "One emergency, justified; nothing else.")];
    let official = house.official().await;
    assert_eq!(post(&official, page, &found).await.status, 409, "the month is not over");
    house.clock.advance_ms(20 * DAY_MS);
    let home = get(&official, "/practice").await;
    assert!(
        home.text.contains("Read the trail of") && home.text.contains("A chart was opened in an emergency")
    );
    let waiting = get(&official, page).await;
    assert!(
        waiting.text.contains("An emergency opening waits") && waiting.text.contains("Dr. Amara Osei (1)")
    );
    assert!(waiting.text.contains("same family name<br>"), "Osei looked at Osei");
    assert_eq!(post(&official, page, &found).await.status, 409);

    let list = get(&official, "/practice/emergency").await;
    let one = list.text.split("href=\"/practice/emergency/").nth(1).unwrap().split('"').next().unwrap();
    let review = [("outcome", "justified"), ("words", "The ambulance report fits")];
    assert_eq!(post(&official, &format!("/practice/emergency/{one}"), &review).await.status, 303);
    assert_eq!(post(&official, page, &[("findings", "ok")]).await.status, 422);
    assert_eq!(post(&official, page, &found).await.status, 303);
    let again = post(&official, page, &found).await;
    assert!(again.status == 409 && again.text.contains("One emergency, justified"), "once, and not lost");
    let closed = get(&official, page).await;
    assert!(closed.text.contains("One emergency, justified") && closed.text.contains("Grace Lindqvist"));
    assert!(!get(&official, "/practice").await.text.contains("Read the trail of"));
}

/// R39: an overdue review is visible on the officials' home page, with what stands out behind it, until
/// somebody closes it with findings; then it bears their name.
#[tokio::test]
async fn an_overdue_month_shows_on_the_home_page() {
    let house = House::open().await;
    house.clock.advance_ms(30 * DAY_MS);
    let official = house.official().await;
    let home = get(&official, "/practice").await;
    assert!(home.text.contains("badge bad") && home.text.contains("/practice/trail/reviews/2026-11"));
    assert!(get(&official, "/practice/trail/reviews").await.text.contains("Overdue"));
    let page = "/practice/trail/reviews/2026-11";
    let report = get(&official, page).await.text;
    for kind in ["same family name", "more than 40 records", "Tries that were refused"] {
        assert!(report.contains(kind), "{kind}: {report}");
    }
    assert_eq!(post(&official, page, &[("findings", "")]).await.status, 422, "not without findings");
    assert_eq!(post(&official, page, &[("findings", "Nothing stood out.")]).await.status, 303);
    let closed = get(&official, page).await.text;
    assert!(closed.contains("Nothing stood out.") && closed.contains("Grace Lindqvist"), "{closed}");
    assert!(!get(&official, "/practice").await.text.contains("/practice/trail/reviews/2026-11"));
    assert_eq!(get(&official, "/practice/trail/reviews/2020-01").await.status, 404);
    assert_eq!(get(&official, "/practice/trail/reviews/x").await.status, 404);
}
