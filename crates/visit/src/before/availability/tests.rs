//! Hours and days off: who sets them, what is refused, and that whoever books is warned.

use crate::test_house::*;
use axum::http::StatusCode;
use vocabulary::Role;
use web::testing::{get, post, way_back};

async fn book(house: &House, day: &str, hour: &str, anyway: &str) -> (StatusCode, String) {
    let (patient, doctor) = (house.patient.text(), house.doctor.text());
    let fields = [
        ("patient", patient.as_str()),
        ("clinician", doctor.as_str()),
        ("day", day),
        ("hour", hour),
        ("kind", "follow_up"),
        ("anyway", anyway),
    ];
    let answer = post(&house.as_desk(), "/day/book", &fields).await;
    (answer.status, answer.text)
}

#[tokio::test]
async fn whoever_books_outside_the_hours_or_on_a_day_off_is_warned_and_may() {
    let house = House::open().await;
    let path = format!("/availability/{}", house.doctor.text());
    let doctor = house.as_doctor();
    // 2026-11-23 is a Monday.
    let hours = [("weekday", "1"), ("from", "09:00"), ("until", "12:00")];
    let added = post(&doctor, &format!("{path}/hours"), &hours).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let page = get(&doctor, added.location()).await.text;
    for word in ["Monday", "9:00", "12:00", "The hours are added."] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let (status, text) = book(&house, "2026-11-23", "12:00", "").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(text.contains("outside the hours"), "{text}");
    assert_eq!(book(&house, "2026-11-23", "11:40", "").await.0, StatusCode::SEE_OTHER);
    let yes = anyway(&text);
    assert_eq!(book(&house, "2026-11-23", "12:20", &yes).await.0, StatusCode::CONFLICT, "another time");
    assert_eq!(book(&house, "2026-11-23", "12:00", &yes).await.0, StatusCode::SEE_OTHER);

    let off = [("first", "2026-11-30"), ("last", "")];
    assert_eq!(post(&doctor, &format!("{path}/off"), &off).await.status, StatusCode::SEE_OTHER);
    let (status, text) = book(&house, "2026-11-30", "09:30", "").await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(text.contains("away on that day"), "{text}");
    let week = get(&house.as_desk(), "/day/week?day=2026-11-30").await.text;
    assert!(week.contains("is away") && week.contains("Osei"), "{week}");
    let spanish = get_es(&doctor, "/availability").await.text;
    assert!(spanish.contains("Lunes") && spanish.contains("30 de noviembre de 2026"), "{spanish}");

    // Taken away again, it warns no more.
    let gone = post(&doctor, &format!("{path}/off/remove"), &[("first", "2026-11-30")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(book(&house, "2026-11-30", "09:30", "").await.0, StatusCode::SEE_OTHER);
    let told = house.trail().await;
    let what = |word: &str| told.iter().any(|body| body.details.get("what").is_some_and(|it| it == word));
    assert!(what("hours_added") && what("off_added") && what("off_removed"));
}

/// Hours are those of the wall: 9:00 stays 9:00 when the clocks change in between.
#[tokio::test]
async fn hours_follow_the_clock_on_the_wall_through_the_change_of_time() {
    let house = House::open().await;
    let path = format!("/availability/{}/hours", house.doctor.text());
    for weekday in ["1", "7"] {
        post(&house.as_doctor(), &path, &[("weekday", weekday), ("from", "09:00"), ("until", "17:00")]).await;
    }
    // Mondays before and after 2027-03-14, and that Sunday itself.
    for day in ["2027-03-08", "2027-03-15", "2027-03-14"] {
        assert_eq!(book(&house, day, "09:00", "").await.0, StatusCode::SEE_OTHER, "{day}");
        assert_eq!(book(&house, day, "08:00", "").await.0, StatusCode::CONFLICT, "{day}");
    }
}

#[tokio::test]
async fn what_cannot_be_is_said_beside_its_field() {
    let house = House::open().await;
    let path = format!("/availability/{}", house.doctor.text());
    let desk = house.as_desk();
    let good = [("weekday", "1"), ("from", "09:00"), ("until", "12:00")];
    assert_eq!(post(&desk, &format!("{path}/hours"), &good).await.status, StatusCode::SEE_OTHER);
    let cases = [
        ([("weekday", "9"), ("from", "09:00"), ("until", "12:00")], "Choose a day of the week"),
        ([("weekday", "1"), ("from", "noon"), ("until", "12:00")], "Choose a time"),
        ([("weekday", "2"), ("from", "12:00"), ("until", "09:00")], "The end is before the beginning"),
        ([("weekday", "1"), ("from", "11:00"), ("until", "13:00")], "There are hours already"),
    ];
    for (fields, sentence) in cases {
        let answer = post(&desk, &format!("{path}/hours"), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
        // In the other language it is still about the same clinician.
        let here = format!("/availability?with={}", house.doctor.text());
        assert_eq!(way_back(&answer.text), here);
        let spanish = get_es(&desk, &here).await;
        assert!(spanish.status == 200 && spanish.text.contains(&format!("{path}/hours")), "{}", spanish.text);
    }
    let turned =
        post(&desk, &format!("{path}/off"), &[("first", "2026-12-26"), ("last", "2026-12-24")]).await;
    assert!(turned.text.contains("before the first"), "{}", turned.text);
    assert!(turned.text.contains("2026-12-26"), "what was typed stays");
}

#[tokio::test]
async fn a_clinician_changes_nobody_elses_hours() {
    let house = House::open().await;
    let hours = [("weekday", "1"), ("from", "09:00"), ("until", "12:00")];
    let path = format!("/availability/{}/hours", house.doctor.text());
    assert_eq!(post(&house.as_other_doctor(), &path, &hours).await.status, StatusCode::NOT_FOUND);
    let own = get(&house.as_other_doctor(), &format!("/availability?with={}", house.doctor.text())).await;
    assert!(own.text.contains("Hart") && !own.text.contains("Osei"), "{}", own.text);
    let of_a_desk = format!("/availability/{}/hours", house.desk.text());
    assert_eq!(post(&house.as_desk(), &of_a_desk, &hours).await.status, StatusCode::NOT_FOUND);
    let official = house.staff(house.desk, &[Role::PrivacyOfficial]);
    assert_eq!(get(&official, "/availability").await.status, StatusCode::NOT_FOUND);
    let admin = house.staff(house.desk, &[Role::Administrator]);
    assert_eq!(get(&admin, "/availability").await.status, StatusCode::OK);
    let refused = house.trail().await;
    assert!(refused.iter().any(|b| b.outcome == keep::Outcome::Refused && b.act == "availability.change"));
}

/// One day out of a holiday does not open the rest of it; a longer holiday from the same day on does count.
#[tokio::test]
async fn a_day_off_never_shortens_a_holiday_without_a_word() {
    let house = House::open().await;
    let path = format!("/availability/{}/off", house.doctor.text());
    let desk = house.as_desk();
    let holiday = [("first", "2026-12-24"), ("last", "2027-01-02")];
    assert_eq!(post(&desk, &path, &holiday).await.status, StatusCode::SEE_OTHER);
    let one_day = post(&desk, &path, &[("first", "2026-12-24"), ("last", "")]).await;
    assert_eq!(one_day.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(one_day.text.contains("longer days off from that day already"), "{}", one_day.text);
    assert_eq!(book(&house, "2026-12-28", "09:30", "").await.0, StatusCode::CONFLICT, "still away");
    let longer = [("first", "2026-12-24"), ("last", "2027-01-04")];
    assert_eq!(post(&desk, &path, &longer).await.status, StatusCode::SEE_OTHER);
    assert_eq!(book(&house, "2027-01-04", "09:30", "").await.0, StatusCode::CONFLICT);
}

/// Years of days off that are over stand in nobody's way; what is still to come has a bound, and says so.
#[tokio::test]
async fn days_off_that_are_over_hide_none_of_those_to_come() {
    let house = House::open().await;
    let path = format!("/availability/{}", house.doctor.text());
    let mut tx = house.keep.begin().await.unwrap();
    let off = |n: i64, year| format!("{year}-{:02}-{:02}", 1 + n / 28, 1 + n % 28);
    for n in 0..250 {
        let sql = "INSERT INTO day_off (clinician, first_day, last_day) VALUES ($1, $2, $3)";
        tx.run(sql, keep::args![house.doctor, off(n, 2025), off(n, 2025)]).await.unwrap();
        let sql = "INSERT INTO day_off (clinician, first_day, last_day) VALUES ($1, $2, $3)";
        if n < 199 {
            tx.run(sql, keep::args![house.doctor, off(n, 2027), off(n, 2027)]).await.unwrap();
        }
    }
    let entry = keep::Entry::new(keep::Object::of("availability", ""));
    tx.commit(&program(policy::Act::Furnish), entry).await.unwrap();
    let doctor = house.as_doctor();
    let added = post(&doctor, &format!("{path}/off"), &[("first", "2028-03-06"), ("last", "")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let page = get(&doctor, "/availability").await.text;
    assert!(page.contains("March 6, 2028") && !page.contains("2025"), "{page}");
    assert_eq!(book(&house, "2028-03-06", "09:30", "").await.0, StatusCode::CONFLICT);
    let full = post(&doctor, &format!("{path}/off"), &[("first", "2028-03-07"), ("last", "")]).await;
    assert_eq!(full.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(full.text.contains("There are many days off already"), "{}", full.text);
}

#[tokio::test]
async fn hours_have_a_bound_and_the_page_says_that_it_is_reached() {
    let house = House::open().await;
    let path = format!("/availability/{}/hours", house.doctor.text());
    let mut tx = house.keep.begin().await.unwrap();
    for n in 0..200_i64 {
        let sql = "INSERT INTO open_hours (clinician, weekday, from_min, until_min) VALUES ($1, $2, $3, $4)";
        let from = n / 4 * 5;
        tx.run(sql, keep::args![house.doctor, 1 + n % 4, from, from + 5]).await.unwrap();
    }
    let entry = keep::Entry::new(keep::Object::of("availability", ""));
    tx.commit(&program(policy::Act::Furnish), entry).await.unwrap();
    let hours = [("weekday", "5"), ("from", "09:00"), ("until", "12:00")];
    let full = post(&house.as_desk(), &path, &hours).await;
    assert_eq!(full.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(full.text.contains("There are many hours already"), "{}", full.text);
}

/// Whoever may change hours finds the way there, and nobody else is sent to a page that is not there.
#[tokio::test]
async fn the_way_to_the_hours_stands_where_it_can_be_gone() {
    let house = House::open().await;
    let link = "href=\"/availability\"";
    for who in [house.as_desk(), house.as_doctor()] {
        assert!(get(&who, "/day").await.text.contains(link));
        assert_eq!(get(&who, "/availability").await.status, StatusCode::OK);
    }
    let assistant = house.staff(house.desk, &[Role::Assistant]);
    let day = get(&assistant, "/day").await;
    assert_eq!(day.status, StatusCode::OK);
    assert!(!day.text.contains(link), "{}", day.text);
    assert_eq!(get(&assistant, "/availability").await.status, StatusCode::NOT_FOUND);
    let admin = house.staff(house.desk, &[Role::Administrator]);
    assert!(get(&admin, "/practice/visit-types").await.text.contains(link));
    // Who may book finds the way to it on the week as on the day.
    for page in ["/day", "/day/week"] {
        let books = |text: String| text.contains("/day/book?day=");
        assert!(books(get(&house.as_doctor(), page).await.text), "{page}");
        assert!(books(get(&house.as_desk(), page).await.text), "{page}");
    }
}

/// Days off move nobody: whoever notes them sees how many are booked already, and the way to them.
#[tokio::test]
async fn days_off_over_booked_visits_say_how_many_there_are() {
    let house = House::open().await;
    let desk = house.as_desk();
    for hour in ["09:00", "10:00"] {
        assert_eq!(book(&house, "2026-11-30", hour, "").await.0, StatusCode::SEE_OTHER);
    }
    let path = format!("/availability/{}/off", house.doctor.text());
    let off = [("first", "2026-11-29"), ("last", "2026-11-30")];
    let noted = post(&desk, &path, &off).await;
    let page = get(&desk, noted.location()).await.text.replace(['\u{2068}', '\u{2069}'], "");
    assert!(page.contains("2 visits are booked on these days"), "{page}");
    let way = format!("/day/week?day=2026-11-29&with={}", house.doctor.text());
    assert!(page.contains(&way), "{page}");
    assert!(get(&desk, &way).await.text.contains(NAME));
    let spanish = get_es(&desk, noted.location()).await.text;
    assert!(spanish.contains("visitas reservadas"), "{spanish}");
}

/// Hours that change move nobody: whoever changes them sees what was booked outside them, and the way there.
#[tokio::test]
async fn changed_hours_say_which_booked_visits_are_outside_them() {
    let house = House::open().await;
    let (desk, doctor) = (house.as_desk(), house.doctor.text());
    for hour in ["09:00", "14:00"] {
        assert_eq!(book(&house, "2026-11-30", hour, "").await.0, StatusCode::SEE_OTHER);
    }
    let path = format!("/availability/{doctor}/hours");
    assert!(!get(&desk, &format!("/availability?with={doctor}")).await.text.contains("outside these hours"));
    let morning = [("weekday", "1"), ("from", "09:00"), ("until", "12:00")];
    let added = post(&desk, &path, &morning).await;
    let page = plain(&get(&desk, added.location()).await.text);
    assert!(page.contains("One visit that is already booked falls outside these hours"), "{page}");
    assert!(page.contains(&format!("/day?day=2026-11-30&with={doctor}")), "{page}");
    post(&desk, &path, &[("weekday", "2"), ("from", "09:00"), ("until", "12:00")]).await;
    let gone = post(&desk, &format!("{path}/remove"), &[("weekday", "1"), ("from", "09:00")]).await;
    let page = plain(&get(&desk, gone.location()).await.text);
    assert!(page.contains("2 visits that are already booked fall outside these hours"), "{page}");
    let spanish = plain(&get_es(&desk, gone.location()).await.text);
    assert!(spanish.contains("2 consultas ya programadas"), "{spanish}");
}
