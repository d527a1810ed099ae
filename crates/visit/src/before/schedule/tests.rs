//! Day and week as desk and clinician see them, narrowed and not, on ordinary days and when clocks change.

use crate::test_house::*;
use axum::http::StatusCode;
use keep::{Entry, Object};
use policy::Act;
use vocabulary::{DAY_MS, HOUR_MS, MINUTE_MS, Role, SiteId, UnixMillis, VisitId};
use web::testing::{Answer, get, post};

async fn book(house: &House, fields: &[(&str, &str)]) -> Answer {
    let patient = house.patient.text();
    let doctor = house.doctor.text();
    let mut all = vec![("patient", patient.as_str()), ("clinician", doctor.as_str()), ("kind", "follow_up")];
    all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    all.extend_from_slice(fields);
    post(&house.as_desk(), "/day/book", &all).await
}

async fn site(house: &House, name: &str) -> SiteId {
    let mut tx = house.keep.begin().await.unwrap();
    let id = SiteId::new(tx.now(), tx.entropy());
    let sql = "INSERT INTO site (id, name, address, state, created_at) VALUES ($1, $2, '', 'MA', $3)";
    let now = tx.now();
    tx.run(sql, keep::args![id, name, now]).await.unwrap();
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("site", id.text()))).await.unwrap();
    id
}

#[tokio::test]
async fn a_week_shows_seven_days_with_their_visits_and_says_what_is_empty() {
    let house = House::open().await;
    assert_eq!(book(&house, &[("day", "2026-11-23"), ("hour", "09:30")]).await.status, StatusCode::SEE_OTHER);
    let week = get(&house.as_desk(), "/day/week?day=2026-11-23").await;
    assert_eq!(week.status, StatusCode::OK);
    assert_eq!(week.text.matches("<section aria-labelledby=\"d-").count(), 7);
    for word in [NAME, "9:30", "Monday, November 23", "Sunday, November 22", "1 visit", "Nothing planned"] {
        assert!(week.text.contains(word), "{word}: {}", week.text);
    }
    assert_eq!(week.text.matches("Nothing planned").count(), 6);
    assert!(!week.text.contains(REASON));
    let before = get(&house.as_desk(), "/day/week").await;
    assert!(!before.text.contains(NAME), "this week is the one before");
    let spanish = get_es(&house.as_desk(), "/day/week?day=2026-11-23").await.text;
    assert!(spanish.contains("lunes, 23 de noviembre") && spanish.contains("Nada previsto"), "{spanish}");
    assert!(house.acts().await.contains(&"day.see".to_owned()), "who looks at a week is in the trail");
}

#[tokio::test]
async fn the_list_narrows_to_a_clinician_or_a_site_and_the_address_holds_ids_alone() {
    let house = House::open().await;
    let (north, south) = (site(&house, "North").await, site(&house, "South").await);
    let other = house.other_doctor.text();
    let (n, s) = (north.text(), south.text());
    book(&house, &[("day", "2026-11-23"), ("hour", "09:30"), ("site", &n)]).await;
    let otto = house.other_patient.text();
    let fields = [
        ("day", "2026-11-23"),
        ("hour", "09:30"),
        ("site", s.as_str()),
        ("clinician", other.as_str()),
        ("patient", otto.as_str()),
    ];
    assert_eq!(book(&house, &fields).await.status, StatusCode::OK);
    let desk = house.as_desk();
    for page in ["/day", "/day/week", "/day/queue"] {
        let shown = |query: String| {
            let path = format!("{page}?day=2026-11-23{query}");
            let desk = desk.clone();
            async move {
                let text = get(&desk, &path).await.text;
                (text.contains(NAME), text.contains("Otto Other"))
            }
        };
        assert_eq!(shown(String::new()).await, (true, true), "{page}");
        assert_eq!(shown(format!("&with={other}")).await, (false, true), "{page}");
        assert_eq!(shown(format!("&site={n}")).await, (true, false), "{page}");
        assert_eq!(shown(format!("&with={other}&site={n}")).await, (false, false), "{page}");
        assert_eq!(
            shown("&with=Canaryname&site=elbow".into()).await,
            (true, true),
            "nonsense narrows nothing"
        );
    }
    let text = get(&desk, &format!("/day?day=2026-11-23&with={other}")).await.text;
    assert!(text.contains(&format!("/day?day=2026-11-24&#38;with={other}")), "{text}");
    assert!(text.contains("Show all"));
    let echoed = get(&desk, "/day?day=2026-11-23&with=itchy&site=elbow").await.text;
    let links = echoed.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for link in links {
        assert!(!link.contains("itchy") && !link.contains("elbow"), "no link repeats what is no id: {link}");
    }
    // A clinician sees nobody else's, whatever the address asks for.
    let path = format!("/day/week?day=2026-11-23&with={}", house.doctor.text());
    let own = get(&house.as_other_doctor(), &path).await.text;
    assert!(own.contains("Otto Other") && !own.contains(NAME), "{own}");
    let admin = house.staff(house.desk, &[Role::Administrator]);
    assert_eq!(get(&admin, "/day/week").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_row_of_days_counts_what_takes_place() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, DAY_MS).await;
    let strip = |text: &str| {
        let (_, rest) = text.split_once("class=\"strip\"").unwrap();
        rest.split_once("</ol>").unwrap().0.to_owned()
    };
    let day = get(&house.as_desk(), "/day?day=2026-11-22").await.text;
    let row = strip(&day);
    assert_eq!(row.matches("<li>").count(), 7, "{row}");
    assert!(row.contains("Sunday, November 22: 1 visit"), "{row}");
    let path = format!("/visits/{}/cancel", booked.visit.text());
    post(&house.as_desk(), &path, &[("by", "practice")]).await;
    let row = strip(&get(&house.as_desk(), "/day?day=2026-11-22").await.text);
    assert!(row.contains("Sunday, November 22: No visits"), "{row}");
}

/// Hours at one site are no hours at another, when a visit is booked and when it is moved.
#[tokio::test]
async fn whoever_books_at_another_site_than_that_of_the_hours_is_warned() {
    let house = House::open().await;
    let (north, south) = (site(&house, "North").await.text(), site(&house, "South").await.text());
    let path = format!("/availability/{}/hours", house.doctor.text());
    let hours = [("weekday", "1"), ("from", "09:00"), ("until", "00:00"), ("site", north.as_str())];
    let added = post(&house.as_desk(), &path, &hours).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let at = |hour, site| [("day", "2026-11-23"), ("hour", hour), ("site", site)];
    let warned = book(&house, &at("10:00", &south)).await;
    assert_eq!(warned.status, StatusCode::CONFLICT);
    assert!(warned.text.contains("outside the hours"), "{}", warned.text);
    assert_eq!(book(&house, &at("10:00", &north)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(book(&house, &at("23:40", "")).await.status, StatusCode::SEE_OTHER, "until midnight");
    let yes = anyway(&book(&house, &at("14:00", &south)).await.text);
    let fields = [at("14:00", &south).as_slice(), &[("anyway", yes.as_str())]].concat();
    let booked = book(&house, &fields).await;
    let path = booked.location().replace("/booked", "/move");
    let moved = post(&house.as_desk(), &path, &at("15:00", "")[..2]).await;
    assert_eq!(moved.status, StatusCode::CONFLICT, "the site goes along: {}", moved.text);
}

#[tokio::test]
async fn a_visit_goes_to_another_site_and_the_patient_hears_nothing_of_it() {
    let house = House::open().await;
    let (north, south) = (site(&house, "North").await.text(), site(&house, "South").await.text());
    let at = [("day", "2026-11-23"), ("hour", "10:00")];
    let booked = book(&house, &[&at[..], &[("site", &north)]].concat()).await;
    let path = booked.location().replace("/booked", "/move");
    let desk = house.as_desk();
    let form = get(&desk, &path).await.text;
    assert!(form.contains(&format!("value=\"{north}\" selected")), "{form}");
    let letters = async || {
        let sql = "SELECT count(*) AS n FROM outbox";
        house.keep.read().await.unwrap().row(sql, keep::args![]).await.unwrap().unwrap().int("n").unwrap()
    };
    let before = letters().await;
    let there = [&at[..], &[("site", south.as_str())]].concat();
    let moved = post(&desk, &path, &there).await;
    assert!(moved.location().ends_with("?done=site"), "{} {}", moved.status, moved.text);
    assert!(get(&desk, moved.location()).await.text.contains("The site is changed"));
    assert_eq!(letters().await, before);
    let shown = async |site: &str| {
        get(&desk, &format!("/day?day=2026-11-23&site={site}")).await.text.contains("/visits/0")
    };
    assert!(shown(&south).await && !shown(&north).await);
    let wrong = [&at[..], &[("site", "0197a3f2-0000-7000-8000-000000000000")]].concat();
    assert_eq!(post(&desk, &path, &wrong).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(post(&desk, &path, &[&at[..], &[("site", "")]].concat()).await.status, StatusCode::SEE_OTHER);
    assert!(!shown(&south).await);
}

/// Ninety visits a day are 450 a week: the last day is as full as the first, however the list is narrowed.
/// What does not fit any more is said, and the row of days counts it all the same.
#[tokio::test]
async fn a_full_week_loses_no_visit_without_a_word() {
    let house = House::open().await;
    let north = site(&house, "North").await;
    // 2026-11-23 to 27, Monday to Friday.
    let monday = start().plus_ms(2 * DAY_MS);
    for day in 0..5 {
        fill(&house, monday.plus_ms(day * DAY_MS), 90, north).await;
    }
    let desk = house.as_desk();
    // Without the marks that keep numbers apart in a text of both directions.
    let day = async |path: &str| get(&desk, path).await.text.replace(['\u{2068}', '\u{2069}'], "");
    let strip = day("/day?day=2026-11-23").await;
    assert!(strip.contains("Friday, November 27: 90 visits"), "{strip}");
    for query in [String::new(), format!("&site={}", north.text())] {
        let week = get(&desk, &format!("/day/week?day=2026-11-23{query}")).await.text;
        let (_, friday) = week.split_once("id=\"d-2026-11-27\"").unwrap();
        let friday = friday.split_once("</section>").unwrap().0;
        let shown = if query.is_empty() { 90 } else { 45 };
        assert_eq!(friday.matches("href=\"/visits/").count(), shown, "{query}");
        assert!(!week.contains("more visits in this week than fit"));
    }
    let narrowed = format!("/day?day=2026-11-23&site={}", north.text());
    assert!(day(&narrowed).await.contains("Friday, November 27: 45 visits"));

    fill(&house, monday.plus_ms(7 * DAY_MS), 401, north).await;
    let full = day("/day?day=2026-11-30").await;
    assert!(full.contains("more visits on this day than fit"));
    assert!(full.contains("Monday, November 30: 401 visits"));
}

/// So many visits of one day, every other one at this site.
async fn fill(house: &House, from: UnixMillis, visits: usize, site: SiteId) {
    let mut tx = house.keep.begin().await.unwrap();
    for n in 0..visits {
        let (now, id) = (tx.now(), VisitId::new(tx.now(), tx.entropy()));
        let starts_at = from.plus_ms(n as i64 % 48 * 10 * MINUTE_MS);
        let sql = "INSERT INTO visit (id, patient, clinician, starts_at, length_min, kind, state, locked,
                       version, created_at)
                   VALUES ($1, $2, $3, $4, 10, 'follow_up', 'booked', 0, 1, $5)";
        tx.run(sql, keep::args![id, house.patient, house.doctor, starts_at, now]).await.unwrap();
        let sql = "INSERT INTO visit_site (visit, site) VALUES ($1, $2)";
        if n % 2 == 0 {
            tx.run(sql, keep::args![id, site]).await.unwrap();
        }
    }
    tx.commit(&program(Act::Furnish), Entry::new(Object::of("visit", ""))).await.unwrap();
}

/// The night in which 1:30 comes twice: both visits stand on their day, in the order in which they happen.
#[tokio::test]
async fn on_the_long_day_of_autumn_nothing_falls_out_of_the_list() {
    let house = House::open().await;
    // 2027-11-07 is 25 hours long in New York. 01:30 is the first of the two.
    book(&house, &[("day", "2027-11-07"), ("hour", "01:30")]).await;
    let otto = house.other_patient.text();
    book(&house, &[("day", "2027-11-07"), ("hour", "23:45"), ("patient", &otto)]).await;
    // The form takes the first of the two; an hour later it is half past one once more.
    let mut read = house.keep.read().await.unwrap();
    let sql = "SELECT min(starts_at) AS at FROM visit";
    let first = read.row(sql, keep::args![]).await.unwrap().unwrap().time("at").unwrap();
    drop(read);
    house.booked_for(house.other_patient, first.plus_ms(HOUR_MS).since(start())).await;
    let day = get(&house.as_desk(), "/day?day=2027-11-07").await.text;
    assert!(day.contains(NAME) && day.contains("Otto Other"), "{day}");
    let next = get(&house.as_desk(), "/day?day=2027-11-08").await.text;
    assert!(!next.contains(NAME) && !next.contains("Otto Other"));
    let week = get(&house.as_desk(), "/day/week?day=2027-11-07").await.text;
    let (_, sunday) = week.split_once("id=\"d-2027-11-07\"").unwrap();
    let sunday = sunday.split_once("</section>").unwrap().0;
    let rows: Vec<&str> = sunday.split("<li").skip(1).collect();
    for (n, (hour, name)) in
        [("1:30", NAME), ("1:30", "Otto Other"), ("11:45", "Otto Other")].into_iter().enumerate()
    {
        assert!(rows[n].contains(hour) && rows[n].contains(name), "{n}: {sunday}");
    }
    assert_eq!(rows.len(), 3, "{sunday}");
    // And the short day of spring: an hour that does not exist is refused, the day itself holds its visits.
    let skipped = book(&house, &[("day", "2027-03-14"), ("hour", "02:30")]).await;
    assert_eq!(skipped.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(book(&house, &[("day", "2027-03-14"), ("hour", "03:30")]).await.status, StatusCode::SEE_OTHER);
    assert!(get(&house.as_desk(), "/day?day=2027-03-14").await.text.contains("3:30"));
}

/// Fifty people press "book" for one hour of one clinician in the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_who_book_one_slot_at_once_one_wins_and_the_rest_are_told() {
    let house = House::open().await;
    let desk = house.as_desk();
    let (doctor, maria, otto) = (house.doctor.text(), house.patient.text(), house.other_patient.text());
    let mut presses = Vec::new();
    for n in 0..50 {
        let (desk, doctor) = (desk.clone(), doctor.clone());
        let patient = if n % 2 == 0 { maria.clone() } else { otto.clone() };
        presses.push(tokio::spawn(async move {
            let fields = [
                ("patient", patient.as_str()),
                ("clinician", doctor.as_str()),
                ("day", "2026-11-23"),
                ("hour", "10:00"),
                ("kind", "first"),
            ];
            post(&desk, "/day/book", &fields).await
        }));
    }
    let (mut won, mut told) = (0, 0);
    for press in presses {
        let answer = press.await.unwrap();
        match answer.status {
            StatusCode::SEE_OTHER | StatusCode::OK => won += 1,
            StatusCode::CONFLICT => {
                assert!(
                    answer.text.contains("There is another visit with this clinician"),
                    "{}",
                    answer.text
                );
                assert!(answer.text.contains("name=\"anyway\""), "a human may decide otherwise");
                told += 1;
            }
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert_eq!((won, told), (1, 49));
    let mut read = house.keep.read().await.unwrap();
    let kept = read.row("SELECT count(*) AS n FROM visit", keep::args![]).await.unwrap().unwrap();
    assert_eq!(kept.int("n").unwrap(), 1);
}

#[tokio::test]
async fn a_double_booking_is_made_by_somebody_who_read_the_warning_and_for_what_it_said() {
    let house = House::open().await;
    let at = [("day", "2026-11-23"), ("hour", "10:00"), ("reason", REASON)];
    assert_eq!(book(&house, &at).await.status, StatusCode::SEE_OTHER);
    let otto = house.other_patient.text();
    let second = [at[0], at[1], at[2], ("patient", otto.as_str())];
    let warned = book(&house, &second).await;
    assert_eq!(warned.status, StatusCode::CONFLICT);
    assert!(warned.text.contains(REASON), "nothing that was typed is lost");
    let yes = anyway(&warned.text);
    // A yes that was meant for something else does not count.
    let other = [second[0], second[1], second[2], second[3], ("anyway", "hours away")];
    assert_eq!(book(&house, &other).await.status, StatusCode::CONFLICT);
    let meant = [second[0], second[1], second[2], second[3], ("anyway", yes.as_str())];
    assert_eq!(book(&house, &meant).await.status, StatusCode::OK);
    // Now there are two, and the same patient as well: that is another question.
    let third = book(&house, &meant).await;
    assert_eq!(third.status, StatusCode::CONFLICT);
    assert!(third.text.contains("This patient has another visit"), "{}", third.text);
    let told = house.trail().await;
    let entry = told.iter().rfind(|body| body.act == "visit.book").unwrap();
    assert_eq!(entry.details["in_spite_of"], "taken-1");
}

/// The box stands in the form in which hour and clinician are chosen: a yes goes with what it was given for.
#[tokio::test]
async fn a_yes_does_not_go_along_to_another_hour_clinician_or_visit_in_the_way() {
    let house = House::open().await;
    let (otto, other) = (house.other_patient.text(), house.other_doctor.text());
    let taken = |hour: &'static str, who: String| {
        let (house, otto) = (&house, otto.clone());
        async move {
            let fields = [("day", "2026-11-23"), ("hour", hour), ("clinician", &who), ("patient", &otto)];
            let answer = book(house, &fields).await;
            assert!(answer.status != StatusCode::CONFLICT, "{}", answer.text);
        }
    };
    taken("10:00", house.doctor.text()).await;
    taken("11:00", house.doctor.text()).await;
    taken("12:00", other.clone()).await;
    let yes = anyway(&book(&house, &[("day", "2026-11-23"), ("hour", "10:00")]).await.text);
    let yes = ("anyway", yes.as_str());
    let hour = book(&house, &[("day", "2026-11-23"), ("hour", "11:00"), yes]).await;
    assert_eq!(hour.status, StatusCode::CONFLICT, "another hour");
    let theirs = [("day", "2026-11-23"), ("hour", "12:00"), ("clinician", other.as_str()), yes];
    assert_eq!(book(&house, &theirs).await.status, StatusCode::CONFLICT, "another clinician");

    // The visit in the way is called off and somebody else's takes its place.
    let mut tx = house.keep.begin().await.unwrap();
    let sql = "SELECT id FROM visit WHERE clinician = $1 ORDER BY starts_at LIMIT 1";
    let row = tx.row(sql, keep::args![house.doctor]).await.unwrap().unwrap();
    let first = row.text("id").unwrap().to_owned();
    drop(tx);
    let off = post(&house.as_desk(), &format!("/visits/{first}/cancel"), &[("by", "practice")]).await;
    assert_eq!(off.status, StatusCode::SEE_OTHER, "{}", off.text);
    taken("10:00", house.doctor.text()).await;
    let instead = book(&house, &[("day", "2026-11-23"), ("hour", "10:00"), yes]).await;
    assert_eq!(instead.status, StatusCode::CONFLICT, "another visit");
    let meant = anyway(&instead.text);
    let meant = book(&house, &[("day", "2026-11-23"), ("hour", "10:00"), ("anyway", &meant)]).await;
    assert_eq!(meant.status, StatusCode::SEE_OTHER, "{}", meant.text);
}

#[tokio::test]
async fn a_visit_that_is_moved_onto_another_is_warned_about_and_does_not_stand_in_its_own_way() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, 2 * HOUR_MS).await;
    house.booked_for(house.other_patient, 3 * HOUR_MS).await;
    let path = format!("/visits/{}/move", booked.visit.text());
    // Ten minutes later overlaps nothing but itself.
    let nudged = post(&house.as_desk(), &path, &[("day", "2026-11-21"), ("hour", "17:10")]).await;
    assert_eq!(nudged.status, StatusCode::SEE_OTHER, "{}", nudged.text);
    let onto = [("day", "2026-11-21"), ("hour", "18:10")];
    let warned = post(&house.as_desk(), &path, &onto).await;
    assert_eq!(warned.status, StatusCode::CONFLICT);
    house.clock.advance_ms(MINUTE_MS);
    let yes = anyway(&warned.text);
    let meant = post(&house.as_desk(), &path, &[onto[0], onto[1], ("anyway", &yes)]).await;
    assert_eq!(meant.status, StatusCode::SEE_OTHER, "{}", meant.text);
}
