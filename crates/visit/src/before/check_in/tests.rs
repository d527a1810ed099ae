//! Check-in through the pages: order, refusal, what is required, the copy, other people's doors, both
//! languages.

use crate::before::check_in::{NotReady, enter_lobby};
use crate::before::consent;
use crate::before::privacy_notice::texts::VERSION;
use crate::before::translations::tests::all_are_read;
use crate::test_house::*;
use axum::http::StatusCode;
use policy::Act;
use vocabulary::{HOUR_MS, MINUTE_MS, Principal, SessionId};
use web::testing::{get, post};

/// R86 (part: the clinician, credentials and licence state before the visit): the first page names them.
#[tokio::test]
async fn a_first_timer_goes_from_the_welcome_to_the_lobby() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let welcome = get(&guest, &format!("/g/{door}/check-in/welcome")).await;
    assert_eq!(welcome.status, StatusCode::OK);
    for word in ["Hello,", "Maria", "Dr. Amara Osei, MD", "Massachusetts and New Hampshire", PHRASE, "3:20"] {
        assert!(welcome.text.contains(word), "{word}: {}", welcome.text);
    }
    assert!(!welcome.text.contains(REASON) && !welcome.text.contains(EMAIL));
    check_in(&guest, &door).await;
    assert_eq!(house.state_of(booked.visit).await, ("open", "ready"));
    let lobby = get(&guest, &format!("/g/{door}/lobby")).await;
    assert!(lobby.text.contains(&format!("action=\"/g/{door}/enter\"")), "{}", lobby.text);
    // The same questions as at the desk, in the voice of whoever answers.
    let needs = get(&guest, &format!("/g/{door}/needs")).await;
    assert!(
        needs.text.contains("I need an interpreter") && !needs.text.contains("register"),
        "{}",
        needs.text
    );
    // Where a camera turns out to be missing or poor there is a way to another device.
    let readiness = get(&guest, &format!("/g/{door}/check-in/readiness")).await;
    for page in [&welcome, &readiness, &lobby] {
        assert!(page.text.contains(&format!("href=\"/g/{door}/other-device\"")), "{}", page.text);
    }
    let acts = house.acts().await;
    for act in ["consent.give", "check_in.place", "check_in.readiness", "check_in.location"] {
        assert!(acts.contains(&act.to_owned()), "{act} is in the trail");
    }
}

#[tokio::test]
async fn a_step_that_is_not_next_leads_to_the_one_that_is() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let first = format!("/g/{door}/check-in/screen");
    for step in ["notice", "consent", "place", "readiness", "location"] {
        let early = get(&guest, &format!("/g/{door}/check-in/{step}")).await;
        assert_eq!((early.status, early.location()), (StatusCode::SEE_OTHER, first.as_str()), "{step}");
        let sent = post(&guest, &format!("/g/{door}/check-in/{step}"), &[("near", "alone")]).await;
        assert_eq!(sent.location(), first, "{step}");
    }
    assert_eq!(get(&guest, &format!("/g/{door}/lobby")).await.location(), first);
    assert_eq!(get(&guest, &format!("/g/{door}/check-in")).await.location(), first);
    assert_eq!(get(&guest, &format!("/g/{door}/check-in/party")).await.status, StatusCode::NOT_FOUND);
}

/// R58 (part: the lobby's gate): without a telehealth consent in force nobody enters the lobby, and the
/// answer says that the consent is missing.
#[tokio::test]
async fn the_lobby_is_refused_without_a_consent_in_force() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let refused = enter_lobby(&mut tx, booked.participant, &rules).await.unwrap_err();
    drop(tx);
    assert_eq!(refused, NotReady::ConsentMissing);
    check_in(&guest, &door).await;
    let withdrawn = post(&guest, &format!("/g/{door}/check-in/refuse"), &[]).await;
    assert_eq!(withdrawn.location(), format!("/g/{door}/refused"));
    let mut tx = house.keep.begin().await.unwrap();
    let refused = enter_lobby(&mut tx, booked.participant, &rules).await.unwrap_err();
    assert_eq!(refused, NotReady::ConsentMissing, "a consent taken back counts at once");
}

/// R87 (part: at every visit, before the lobby): without an answer to where the patient is now, or with a bad
/// one, the lobby is refused.
#[tokio::test]
async fn a_visit_without_a_location_is_refused() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let second = house.booked_for(house.patient, 25 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&second), house.door(&second).await);
    post(&guest, &format!("/g/{door}/check-in/place"), PLACE).await;
    post(&guest, &format!("/g/{door}/check-in/readiness"), &[]).await;
    let location = format!("/g/{door}/check-in/location");
    assert_eq!(get(&guest, &format!("/g/{door}/lobby")).await.location(), location, "asked at every visit");
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let refused = enter_lobby(&mut tx, second.participant, &rules).await.unwrap_err();
    drop(tx);
    assert_eq!(refused, NotReady::LocationMissing);
    let no_state = [("address", ADDRESS), ("state", ""), ("call_back", CALL_BACK)];
    let answer = post(&guest, &location, &no_state).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Choose the state") && answer.text.contains(ADDRESS), "{}", answer.text);
}

/// R91 (part: the call-back number): it is mandatory.
#[tokio::test]
async fn a_location_needs_a_number_to_call_back() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let location = format!("/g/{door}/check-in/location");
    for number in ["", "call my sister", "12"] {
        let fields = [("address", ADDRESS), ("state", "MA"), ("call_back", number)];
        let answer = post(&guest, &location, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
        assert!(answer.text.contains("phone number with at least 7 digits"));
    }
}

/// What comes before the consent.
async fn agree_to_the_screen(guest: &axum::Router, door: &str) {
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    get(guest, &at("sample")).await;
    let text = hidden(&get(guest, &at("screen")).await.text, "text");
    post(guest, &at("screen"), &[("agree", "yes"), ("text", &text)]).await;
    post(guest, &at("notice"), &[("answer", "yes"), ("version", VERSION)]).await;
}

const PLACE: &[(&str, &str)] = &[("near", "others"), ("door_is", "open"), ("headphones", "no")];

#[tokio::test]
async fn saying_no_is_recorded_and_leads_to_a_kind_page_and_back() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    post(&guest, &format!("/g/{door}/check-in/welcome"), &[]).await;
    let no = post(&guest, &format!("/g/{door}/check-in/refuse"), &[]).await;
    let page = get(&guest, no.location()).await.text;
    assert!(page.contains("you still get care here") && page.contains("555-0142"), "{page}");
    assert_eq!(house.state_of(booked.visit).await.1, "refused");
    assert!(house.acts().await.contains(&"consent.refuse".to_owned()));
    assert_eq!(house.findings().await, [("consent-refused", 1)]);
    assert!(get(&house.as_desk(), "/day").await.text.contains("Said no to consent"));
    check_in(&guest, &door).await;
    assert_eq!(house.state_of(booked.visit).await.1, "ready", "who thinks again may");
}

#[tokio::test]
async fn a_signature_needs_a_name_a_tick_and_the_text_that_was_shown() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    agree_to_the_screen(&guest, &door).await;
    let path = format!("/g/{door}/check-in/consent");
    let text = hidden(&get(&guest, &path).await.text, "text");
    let (agree, means) = (("agree", "yes"), ("means", "stop"));
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("name", ""), agree, means, ("text", &text)], "Type your full name"),
        (&[("name", NAME), means, ("text", &text)], "Tick the box"),
        (&[("name", NAME), agree, means, ("text", "telehealth.2025-1.en")], "The text changed just now"),
        (&[("name", NAME), agree, ("text", &text)], "Choose one answer"),
        (&[("name", NAME), agree, ("means", "pay"), ("text", &text)], "Not quite"),
    ];
    for (fields, sentence) in cases {
        let answer = post(&guest, &path, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(answer.text.contains(sentence), "{}", answer.text);
    }
    let mut read = house.keep.read().await.unwrap();
    let kept = consent::of_visit(&mut read, booked.visit).await.unwrap();
    assert!(kept.iter().all(|row| row.scope == consent::Scope::ESign));
}

/// R61: text, language, version, its hash, signer, authority, time, method and browser are in one document,
/// every copy of it is the same bytes, and the patient keeps one from check-in and from the portal.
#[tokio::test]
async fn the_signed_copy_is_the_same_bytes_each_time() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let path = format!("/g/{door}/consent/copy");
    let first = get(&guest, &path).await;
    house.clock.advance_ms(2 * HOUR_MS);
    let again = get(&guest, &path).await;
    assert_eq!(first.text, again.text);
    for part in [
        NAME,
        "2026-1",
        "the patient",
        "(en)",
        "SHA-256",
        "Browser",
        "3:00",
        "America/New_York",
        "Name typed",
        "Dr. Amara Osei, MD",
    ] {
        assert!(first.text.contains(part), "{part}: {}", first.text);
    }
    let missing = consent::texts::missing_elements(consent::Scope::Telehealth, &first.text);
    assert!(missing.is_empty(), "{missing:?}");
    let of_telehealth = |body: &keep::trail::Body| {
        let scope = body.details.get("scope");
        body.act == "consent.give" && scope.is_some_and(|scope| scope == "telehealth")
    };
    let entry = house.trail().await.into_iter().find(of_telehealth).unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, first.text.as_bytes());
    let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(entry.details["copy_sha256"], hex, "the trail names the bytes that were kept");
    let shown = get(&guest, &format!("/g/{door}/consent")).await.text;
    assert!(shown.contains("<article>") && shown.contains(NAME));
    let portal = house.as_patient(house.patient);
    let list = get(&portal, "/portal").await.text;
    let (at, _) = list.match_indices("/portal/consents/").next().unwrap();
    let from_portal = get(&portal, list[at..].split('"').next().unwrap()).await;
    assert_eq!(from_portal.text, first.text);
}

#[tokio::test]
async fn a_consent_in_force_is_not_asked_again_on_the_next_visit() {
    let house = House::open().await;
    let booked = house.booked().await;
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    let second = house.booked_for(house.patient, 25 * MINUTE_MS).await;
    let (guest, door) = (house.as_guest(&second), house.door(&second).await);
    let next = get(&guest, &format!("/g/{door}/check-in")).await;
    assert_eq!(next.location(), format!("/g/{door}/check-in/place"));
    let page = get(&guest, &format!("/g/{door}/check-in/consent")).await.text;
    assert!(page.contains("You have already agreed"), "{page}");
}

#[tokio::test]
async fn the_lobby_opens_when_the_house_says_and_check_in_is_possible_before() {
    let house = House::open().await;
    let booked = house.booked_for(house.patient, 5 * HOUR_MS).await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let early = get(&guest, &format!("/g/{door}/lobby")).await.text;
    assert!(early.contains("See you soon") && early.contains("7:30"), "{early}");
    assert!(!early.contains("/enter\""));
    house.clock.advance_ms(5 * HOUR_MS - 30 * MINUTE_MS);
    let open = get(&guest, &format!("/g/{door}/lobby")).await.text;
    assert!(open.contains("/enter\""), "{open}");
}

#[tokio::test]
async fn another_door_looks_like_no_door_and_nothing_shows_before_the_second_fact() {
    let house = House::open().await;
    let booked = house.booked().await;
    let other = house.booked_for(house.other_patient, 40 * MINUTE_MS).await;
    let (guest, foreign) = (house.as_guest(&booked), house.door(&other).await);
    for step in ["check-in/welcome", "check-in/consent", "lobby", "consent", "after", "survey"] {
        let stranger = get(&guest, &format!("/g/{foreign}/{step}")).await;
        let absent = get(&guest, &format!("/g/0000000000000000/{step}")).await;
        assert_eq!(
            (stranger.status, absent.status),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
            "{step}"
        );
    }
    let unproven = house.router(crate::test_house::guest(&booked, false));
    let door = house.door(&booked).await;
    let page = get(&unproven, &format!("/g/{door}/check-in/welcome")).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(!page.text.contains("Maria"));
    let session = SessionId::from_bytes([1; 16]);
    let portal = house.router(Principal::Patient { patient: house.patient, session });
    assert_eq!(get(&portal, &format!("/g/{door}/check-in/welcome")).await.status, StatusCode::NOT_FOUND);
}

/// R90 (part: the patient's side): what the patient says about the place is kept, and the host sees it.
#[tokio::test]
async fn the_host_sees_what_the_patient_said_about_the_place() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    check_in(&guest, &door).await;
    let path = format!("/visits/{}", booked.visit.text());
    assert!(get(&house.as_doctor(), &path).await.text.contains("Private place"));
    post(&guest, &format!("/g/{door}/check-in/place"), PLACE).await;
    let page = get(&house.as_doctor(), &path).await.text;
    assert!(page.contains("Others can hear") && !page.contains("Private place"), "{page}");
    assert_eq!(
        house.state_of(booked.visit).await.1,
        "ready",
        "an answer given again changes the answer alone"
    );
}

#[tokio::test]
async fn measured_numbers_are_refused_and_poor_verdicts_become_findings() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    sign_papers(&guest, &door).await;
    post(&guest, &at("place"), PLACE).await;
    let numbers = post(&guest, &at("readiness"), &[("light", "31.7")]).await;
    assert_eq!(numbers.status, StatusCode::BAD_REQUEST);
    let poor = [("camera", "refused"), ("microphone", "ok"), ("light", "none"), ("noise", "poor")];
    let next = post(&guest, &at("readiness"), &poor).await;
    assert_eq!(next.location(), at("location"), "poor never blocks care");
    let mut found = house.findings().await;
    found.sort_unstable();
    assert_eq!(found, [("no-camera", 1), ("place-not-private", 1), ("poor-noise", 1)]);
}

#[tokio::test]
async fn spanish_speakers_get_spanish_and_an_unapproved_consent_stays_english() {
    let house = House::open().await;
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let door = house.door(&booked).await;
    let guest = house.as_guest(&booked);
    let welcome = get_es(&guest, &format!("/g/{door}/check-in/welcome")).await.text;
    assert!(
        welcome.contains("Su consulta es con") && welcome.contains("Massachusetts y New Hampshire"),
        "{welcome}"
    );
    agree_to_the_screen(&guest, &door).await;
    let consent = get_es(&guest, &format!("/g/{door}/check-in/consent")).await.text;
    assert!(
        consent.contains("What a video visit is") && consent.contains("todavía no está aprobado"),
        "{consent}"
    );
    all_are_read(&house).await;
    let demo = get_es(&house.as_demo_guest(&booked), &format!("/g/{door}/check-in/consent")).await.text;
    assert!(demo.contains("Qué es una consulta por video") && demo.contains("solo está aprobada"), "{demo}");
}

/// R96 (part: consents and the notice): where a practice runs, no Spanish that says what an English article
/// says, and in the demo each page with such a text says that nobody but the demo has approved it.
#[tokio::test]
async fn unapproved_spanish_is_hidden_in_a_practice_and_marked_in_the_demo() {
    let house = House::open().await;
    let booked = house.booked_for(house.other_patient, 20 * MINUTE_MS).await;
    let door = house.door(&booked).await;
    let (guest, demo) = (house.as_guest(&booked), house.as_demo_guest(&booked));
    let at = |step: &str| format!("/g/{door}/check-in/{step}");
    let mark = "solo está aprobada";
    for path in [at("screen"), "/privacy-notice".to_owned()] {
        assert!(!get_es(&guest, &path).await.text.contains(mark), "{path}");
    }
    agree_to_the_screen(&guest, &door).await;
    for step in ["notice", "consent"] {
        let real = get_es(&guest, &at(step)).await.text;
        assert!(!real.contains("class=\"checks\"") && !real.contains(mark), "{step}: {real}");
    }
    all_are_read(&house).await;
    assert!(get_es(&demo, "/privacy-notice").await.text.contains(mark));
    let card = house.in_demo(Principal::Staff {
        person: house.desk,
        session: SessionId::from_bytes([8; 16]),
        roles: vocabulary::Roles::NONE.with(vocabulary::Role::Desk),
    });
    let visit = format!("/visits/{}", booked.visit.text());
    assert!(get_es(&card, &visit).await.text.contains(mark), "the words that staff read aloud");
    for step in ["notice", "consent"] {
        let shown = get_es(&demo, &at(step)).await.text;
        assert!(shown.contains("class=\"checks\"") && shown.contains(mark), "{step}: {shown}");
    }
    let session = SessionId::from_bytes([1; 16]);
    let portal = house.in_demo(Principal::Patient { patient: house.other_patient, session });
    let agree = get_es(&portal, "/portal/agree/third_party").await.text;
    assert!(agree.contains(mark), "{agree}");
}

#[tokio::test]
async fn a_cancelled_visit_opens_no_check_in() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    let cancel = format!("/visits/{}/cancel", booked.visit.text());
    post(&house.as_desk(), &cancel, &[("by", "practice")]).await;
    let next = get(&guest, &format!("/g/{door}/check-in/consent")).await;
    let page = get(&guest, next.location()).await.text;
    assert!(page.contains("This visit was cancelled"), "{page}");
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    assert_eq!(enter_lobby(&mut tx, booked.participant, &rules).await.unwrap_err(), NotReady::Over);
}

#[tokio::test]
async fn looking_at_ones_own_visit_leaves_one_view_entry() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    for _ in 0..3 {
        get(&guest, &format!("/g/{door}/check-in/welcome")).await;
    }
    let looks = house.acts().await.iter().filter(|act| *act == Act::SeeCheckIn.code()).count();
    assert_eq!(looks, 1);
}
