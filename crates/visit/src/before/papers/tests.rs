//! Agreements on paper through the pages: printed, recorded, shown to the patient, and taken back.

use crate::before::consent::Scope;
use crate::before::consent::staff_tests::rule;
use crate::before::consent::tests::{enters, lapsed};
use crate::before::translations::tests::approve;
use crate::test_house::*;
use ::people::patients::day_in;
use axum::Router;
use axum::http::StatusCode;
use vocabulary::{DAY_MS, HOUR_MS, MINUTE_MS, Role};
use web::testing::{Answer, get, post};

pub(super) const PLACE: &str = "Cabinet 2, canary folder";
const FATHER: &str = "Ramon Canaryfather";

pub(super) fn today(house: &House) -> String {
    day_in(house.keep.clock().now(), "America/New_York").to_string()
}

pub(super) fn papers(house: &House) -> String {
    format!("/patients/{}/papers", house.patient.text())
}

pub(crate) fn fields<'a>(day: &'a str, clinician: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("lang", "en"),
        ("version", "2026-1"),
        ("signed_on", day),
        ("newer", "yes"),
        ("signer", "patient"),
        ("clinician", clinician),
        ("who", "Elena Canaryname"),
        ("what", "times of visits"),
        ("why", "rides"),
        ("kept", PLACE),
        ("holds", "yes"),
    ]
}

/// The paper of one agreement came in, signed today.
pub(super) async fn record(house: &House, desk: &Router, scope: Scope) -> Answer {
    let (day, clinician) = (today(house), house.doctor.text());
    post(desk, &format!("{}/{}", papers(house), scope.code()), &fields(&day, &clinician)).await
}

/// What the patient's own page says is in force: each title with the addresses behind its buttons.
pub(crate) async fn in_force(portal: &Router) -> Vec<(Scope, String)> {
    let page = get(portal, "/portal/agreements").await.text;
    let (_, given) = page.split_once("<section class=\"stack\" aria-labelledby=\"given\">").unwrap();
    let (given, _) = given.split_once("</section>").unwrap();
    let mut all = Vec::new();
    for card in given.split("<h3>").skip(1).filter(|card| !card.starts_with("Nothing yet")) {
        let scope = Scope::ALL.into_iter().find(|scope| card.starts_with(title(*scope)));
        let (_, rest) = card.split_once("/portal/take-back/").expect("a way back");
        all.push((scope.expect(card), rest[..36].to_owned()));
    }
    all.sort_by_key(|(scope, _)| Scope::ALL.iter().position(|one| one == scope));
    all
}

pub(super) fn title(scope: Scope) -> &'static str {
    match scope {
        Scope::Telehealth => "Your consent to a video visit",
        Scope::ESign => "Signing on a screen",
        Scope::Recording => "Recording a visit",
        Scope::Images => "Photos in a visit",
        Scope::PlainMessages => "Plain email and texts",
        Scope::ThirdParty => "Talking with a person",
        Scope::Monitoring => "Readings from home",
        Scope::Authorization => "Sharing your record",
        Scope::Part2 => "Sharing records of substance",
    }
}

async fn scopes(portal: &Router) -> Vec<Scope> {
    in_force(portal).await.into_iter().map(|(scope, _)| scope).collect()
}

/// Two presses: the first leads to a page that asks for no reason, the second is its button.
async fn take_back(portal: &Router, scope: Scope) {
    let all = in_force(portal).await;
    let (_, id) = all.iter().find(|(one, _)| *one == scope).unwrap_or_else(|| panic!("{scope:?}"));
    let page = format!("/portal/take-back/{id}");
    let ask = get(portal, &page).await.text;
    assert!(ask.contains("your care stays the same") && !ask.contains("<textarea"), "{ask}");
    assert_eq!(post(portal, &page, &[]).await.location(), "/portal/agreements?done=taken-back");
}

/// On the patient's own screen, where it is asked for there.
async fn sign(portal: &Router, scope: Scope) {
    let path = format!("/portal/agree/{}", scope.code());
    let text = hidden(&get(portal, &path).await.text, "text");
    let mut fields = vec![("name", NAME), ("agree", "yes"), ("means", "stop"), ("text", text.as_str())];
    fields.extend([("who", "Elena Canaryname"), ("what", "times of visits"), ("why", "rides")]);
    let signed = post(portal, &path, &fields).await;
    assert_eq!(signed.location(), "/portal/agreements?done=given", "{scope:?} {}", signed.text);
}

/// R60: telehealth, signing on a screen, recording, images, plain messages, a named person, readings from
/// home, the HIPAA authorization and Part 2 are nine objects: through the pages alone, each is given and
/// taken back by itself, with a text and a copy of its own, while the eight others stay as they were; on a
/// screen where it is asked for there, and all nine on paper, where no sheet and no form carries two.
#[tokio::test]
async fn each_of_the_nine_is_given_and_taken_back_alone() {
    let house = House::open().await;
    let booked = house.booked().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    assert!(scopes(&portal).await.is_empty());
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    assert_eq!(scopes(&portal).await, [Scope::Telehealth, Scope::ESign]);
    for (at, scope) in Scope::ALL.into_iter().enumerate().skip(2) {
        if scope.is_offered() {
            sign(&portal, scope).await;
        } else {
            let done = record(&house, &desk, scope).await;
            assert_eq!(done.location(), format!("{}?done=recorded", papers(&house)), "{}", done.text);
        }
        assert_eq!(scopes(&portal).await, Scope::ALL[..=at], "{scope:?} and nothing else");
    }
    let mut copies = Vec::new();
    for (scope, id) in in_force(&portal).await {
        let copy = get(&portal, &format!("/portal/consents/{id}")).await.text;
        let elements: Vec<_> = Scope::ALL
            .into_iter()
            .filter(|one| copy.contains(&format!("{} 2026-1 (en)", one.code())))
            .collect();
        assert_eq!(elements, [scope], "one copy, one text");
        copies.push(copy);
    }
    copies.sort_unstable();
    copies.dedup();
    assert_eq!(copies.len(), 9, "no two share a signature");
    // Signing on a screen last: without it nothing else could be signed there, but all of it taken back.
    let last = [Scope::Telehealth, Scope::ESign];
    for (at, scope) in Scope::ALL.into_iter().enumerate().skip(2) {
        take_back(&portal, scope).await;
        assert_eq!(scopes(&portal).await, [&last[..], &Scope::ALL[at + 1..]].concat(), "{scope:?} alone");
        assert_eq!(lapsed(&house, &booked).await, None, "the visit's own stays");
    }
    take_back(&portal, Scope::Telehealth).await;
    assert_eq!(scopes(&portal).await, [Scope::ESign]);
    take_back(&portal, Scope::ESign).await;
    assert!(scopes(&portal).await.is_empty());
    let told = get(&portal, "/portal/agree/third_party").await;
    assert_eq!(told.location(), "/portal/agree/e_sign", "nothing more is signed on a screen");
    // And all nine with a pen: given by one form each, taken back through staff, the others untouched.
    for (at, scope) in Scope::ALL.into_iter().enumerate() {
        let form = get(&desk, &format!("{}/{}", papers(&house), scope.code())).await.text;
        let action = format!("action=\"{}/", papers(&house));
        let actions: Vec<&str> =
            form.split(&action).skip(1).map(|rest| rest.split(['"', '/']).next().unwrap()).collect();
        assert_eq!(actions, [scope.code(), scope.code()], "its sheet and its record");
        let done = record(&house, &desk, scope).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{scope:?} {}", done.text);
        assert_eq!(scopes(&portal).await, Scope::ALL[..=at], "{scope:?} and nothing else");
    }
    for (at, (scope, id)) in in_force(&portal).await.into_iter().enumerate() {
        let back = post(&desk, &format!("{}/{id}/taken-back", papers(&house)), &[("how", "voice")]).await;
        assert_eq!(back.location(), format!("{}?done=taken-back", papers(&house)), "{}", back.text);
        assert_eq!(scopes(&portal).await, Scope::ALL[at + 1..], "{scope:?} alone");
    }
}

/// R61 (part: on paper): the copy is the same text, filled when the paper is recorded, with the day on the
/// paper, who signed, who saw it and where it is kept; the patient sees it in the portal, and the trail names
/// the act.
#[tokio::test]
async fn a_paper_is_recorded_with_its_day_its_signer_and_its_place() {
    let house = House::open().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    house.clock.advance_ms(10 * DAY_MS);
    let clinician = house.doctor.text();
    let sheet = format!("{}/telehealth/sheet?lang=en&clinician={clinician}", papers(&house));
    let sheet = get(&desk, &sheet).await.text;
    for part in
        ["What a video visit is", "You will see Dr. Amara Osei, MD", NAME, "telehealth 2026-1 (en) · SHA-256"]
    {
        assert!(sheet.contains(part), "{part}: {sheet}");
    }
    assert!(
        sheet.contains("for one year, until the day one year after the date of your signature."),
        "{sheet}"
    );
    let done =
        post(&desk, &format!("{}/telehealth", papers(&house)), &fields("2026-11-25", &clinician)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let list = plain(&get(&portal, "/portal/agreements").await.text);
    assert!(list.contains("Signed on paper on November 25, 2026, kept by the practice"), "{list}");
    let front = plain(&get(&portal, "/portal").await.text);
    assert!(front.contains("video visit, November 25, 2026"), "the same day on the front page: {front}");
    let (_, id) = in_force(&portal).await.remove(0);
    let copy = get(&portal, &format!("/portal/consents/{id}")).await.text;
    for part in [
        "until November 25, 2027",
        "<dd>November 25, 2026</dd>",
        "Signed on paper",
        "Dana Desk",
        PLACE,
        "the patient",
        "Recorded by the practice</dt><dd>Tuesday, December 1",
    ] {
        assert!(copy.contains(part), "{part}: {copy}");
    }
    let kept = get(&desk, &papers(&house)).await.text;
    assert!(kept.contains(PLACE) && kept.contains("Dr. Amara Osei") && kept.contains(NAME), "{kept}");
    let told = house.trail().await.into_iter().rfind(|body| body.details.contains_key("signed_on")).unwrap();
    assert_eq!((told.act.as_str(), &*told.details["method"]), ("consent.witness", "paper"));
    assert_eq!((&*told.details["scope"], &*told.details["signed_on"]), ("telehealth", "2026-11-25"));
    assert!(!told.details.values().any(|value| value.contains("canary")), "no place, no name");
    // The same paper twice is one.
    let twice =
        post(&desk, &format!("{}/telehealth", papers(&house)), &fields("2026-11-25", &clinician)).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("in force already") && twice.text.contains(PLACE), "{}", twice.text);
}

/// R58 (part: on paper): whoever signed with a pen goes on in check-in without a screen, comes in, and is
/// asked again a year after the day on the paper; where only paper counts, this one does.
#[tokio::test]
async fn a_paper_counts_for_visits_from_the_day_on_it() {
    let house = House::open().await;
    rule(&house, |rules| rules.paper_consent_states = "MA".into()).await;
    let booked = house.booked().await;
    let (guest, door) = (house.as_guest(&booked), house.door(&booked).await);
    post(&guest, &format!("/g/{door}/check-in/welcome"), &[]).await;
    let clinician = house.doctor.text();
    let at = format!("{}/telehealth", papers(&house));
    let done = post(&house.as_desk(), &at, &fields("2026-11-01", &clinician)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(lapsed(&house, &booked).await, None);
    check_in(&guest, &door).await;
    assert_eq!(enters(&house, &booked).await, Ok(()));
    house.waits(&booked).await;
    let day = get(&house.as_desk(), "/day").await.text;
    assert!(day.contains("</svg>Consent</span>") && !day.contains("No consent"), "{day}");
    house.held(&booked).await;
    let line = get(&house.as_doctor(), &format!("/visits/{}/sheet", booked.visit.text())).await.text;
    let (_, line) = line.split_once("data-step=\"sheet-consent\"").expect(&line);
    assert!(line.starts_with(" data-outcome=\"done\""), "{line}");
    // November 21 to the first of November.
    house.clock.advance_ms(344 * DAY_MS);
    assert_eq!(lapsed(&house, &booked).await, None);
    house.clock.advance_ms(2 * DAY_MS);
    assert!(lapsed(&house, &booked).await.is_some(), "a year after the pen, not after the keyboard");
}

/// R78 (part: on paper): a paper about signing on a screen does not show that a screen works: the sample page
/// does, and nothing is signed before.
#[tokio::test]
async fn a_paper_alone_opens_no_screen() {
    let house = House::open().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    assert_eq!(record(&house, &desk, Scope::ESign).await.status, StatusCode::SEE_OTHER);
    assert_eq!(get(&portal, "/portal/agree/third_party").await.location(), "/portal/agree/e_sign");
    let list = get(&portal, "/portal/agreements").await.text;
    assert!(in_force(&portal).await.is_empty() && list.contains("with one step left"), "{list}");
    assert!(list.contains("/portal/agree/e_sign") && list.contains("/portal/take-back/"), "{list}");
    get(&portal, "/portal/sample").await;
    assert_eq!(scopes(&portal).await, [Scope::ESign]);
    sign(&portal, Scope::ThirdParty).await;
}

/// R103 (part: a paper in general is no choice of an address), R63 (part: what is taken back on paper ends
/// that choice): the sheet says yes to plain letters, the page of the choice says to which address, and the
/// no to the one ends the other.
#[tokio::test]
async fn plain_letters_wait_for_the_choice_of_an_address_and_end_with_the_paper() {
    let house = House::open().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    assert_eq!(record(&house, &desk, Scope::PlainMessages).await.status, StatusCode::SEE_OTHER);
    let choice = "/portal/contact/plain";
    assert!(get(&portal, choice).await.text.contains("value=\"yes\""), "not chosen by a paper");
    post(&portal, choice, &[("plain", "yes")]).await;
    assert!(get(&portal, choice).await.text.contains("value=\"stop\""));
    take_back(&portal, Scope::PlainMessages).await;
    assert!(get(&portal, choice).await.text.contains("value=\"yes\""), "over at once");
}

/// R74 (part: on paper): somebody on file whose authority covers consents on the day of the paper, and nobody
/// else; what they may not see, they let nobody have.
#[tokio::test]
async fn whoever_acts_for_the_patient_signs_within_their_authority() {
    let house = House::open().await;
    let desk = house.as_desk();
    let page = format!("/patients/{}/representatives", house.patient.text());
    let until = today(&house);
    let father = [
        ("name", FATHER),
        ("contact", "ramon.canary@family.example"),
        ("authority", "guardian"),
        ("identity", "photo_id"),
        ("evidence", "court_paper"),
        ("from", "2026-11-10"),
        ("until", until.as_str()),
        ("consent", "yes"),
    ];
    assert_eq!(
        post(&house.as_doctor(), &page, &father).await.status,
        StatusCode::NOT_FOUND,
        "no care team yet"
    );
    house.booked().await;
    assert_eq!(post(&house.as_doctor(), &page, &father).await.status, StatusCode::SEE_OTHER);
    let form = get(&desk, &format!("{}/recording", papers(&house))).await.text;
    let (signer, _) = form.split_once(&format!("\">{FATHER}")).expect(&form);
    let signer = signer[signer.len() - 36..].to_owned();
    let sent = async |scope: &str, day: &str| {
        let mut all = fields(day, "");
        all.retain(|(name, _)| *name != "signer");
        all.push(("signer", &signer));
        post(&desk, &format!("{}/{scope}", papers(&house)), &all).await
    };
    let early = sent("recording", "2026-11-09").await;
    assert!(early.text.contains("On that day this person could not sign"), "{}", early.text);
    let out = sent("authorization", "2026-11-20").await;
    assert!(out.text.contains("may not see the record"), "{}", out.text);
    assert_eq!(sent("recording", "2026-11-10").await.status, StatusCode::SEE_OTHER);
    let portal = house.as_patient(house.patient);
    let list = plain(&get(&portal, "/portal/agreements").await.text);
    assert!(list.contains(&format!("Signed by {FATHER}")), "{list}");
    let (_, id) = in_force(&portal).await.remove(0);
    let copy = get(&portal, &format!("/portal/consents/{id}")).await.text;
    assert!(copy.contains("<dd>the guardian, who acts for the patient</dd>"), "by what right: {copy}");
    assert!(get(&desk, &papers(&house)).await.text.contains(FATHER));
    house.clock.advance_ms(24 * HOUR_MS);
    let late = sent("images", &today(&house)).await;
    assert!(late.text.contains("On that day this person could not sign"), "{}", late.text);
    let held = sent("images", "2026-11-20").await;
    assert_eq!(held.status, StatusCode::SEE_OTHER, "it held on the day on the paper: {}", held.text);
}

#[tokio::test]
async fn what_is_wrong_on_a_form_is_said_and_nothing_is_lost() {
    let house = House::open().await;
    let (portal, desk) = (house.as_patient(house.patient), house.as_desk());
    let at = format!("{}/recording", papers(&house));
    let page = get(&desk, &at).await.text;
    assert!(page.contains("Alcove does not record visits yet"), "{page}");
    assert!(page.contains("The Spanish text waits for approval"), "{page}");
    let mut early = fields("2025-12-31", "");
    early.retain(|(name, _)| *name != "version");
    let answer = post(&desk, &at, &early).await;
    assert!(answer.text.contains("Write the version that stands at the foot"), "{}", answer.text);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("not in use on that day") && answer.text.contains(PLACE), "{}", answer.text);
    let mut wrong = fields("2026-11-22", "");
    wrong.retain(|(name, _)| !matches!(*name, "version" | "holds" | "lang"));
    wrong.extend([("version", "2025-9"), ("lang", "es"), ("means", "pay")]);
    let answer = post(&desk, &at, &wrong).await;
    for said in ["not the version in use", "not come yet", "language that the paper is in", "in your hands"] {
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    assert!(scopes(&portal).await.is_empty());
    // A no after the paper counts, and on the same day somebody has to say which came first.
    let day = today(&house);
    assert_eq!(record(&house, &desk, Scope::Recording).await.status, StatusCode::SEE_OTHER);
    take_back(&portal, Scope::Recording).await;
    let old = post(&desk, &at, &fields("2026-11-20", "")).await;
    assert!(old.text.contains("said no after that day"), "{}", old.text);
    let mut same = fields(&day, "");
    same.retain(|(name, _)| *name != "newer");
    let asked = post(&desk, &at, &same).await;
    assert!(asked.text.contains("said no on that same day") && asked.text.contains("name=\"newer\""));
    assert!(scopes(&portal).await.is_empty());
    assert_eq!(post(&desk, &at, &fields(&day, "")).await.status, StatusCode::SEE_OTHER);
    // Sheets: of this practice's clinicians, in a language somebody has approved, of nine texts.
    for path in ["/recording/sheet?lang=es", "/telehealth/sheet?lang=en", "/recording/sheet", "/everything"] {
        let answer = get(&desk, &format!("{}{path}", papers(&house))).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
    let official = house.staff(house.doctor, &[Role::PrivacyOfficial]);
    approve(&official, Scope::Recording.code()).await;
    let sheet = get(&desk, &format!("{}/recording/sheet?lang=es", papers(&house))).await.text;
    assert!(sheet.contains("lang=\"es\"") && sheet.contains("recording 2026-1 (es)"), "{sheet}");
    assert!(sheet.contains("Si firma por el paciente"), "{sheet}");
}

/// Desk and care team keep a patient's papers; others find nothing there.
#[tokio::test]
async fn only_the_desk_and_the_care_team_keep_papers() {
    let house = House::open().await;
    let stranger = house.as_other_doctor();
    let at = papers(&house);
    for path in [at.clone(), format!("{at}/recording"), format!("{at}/recording/sheet?lang=en")] {
        assert_eq!(get(&stranger, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_ne!(get(&house.as_patient(house.patient), &path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(record(&house, &stranger, Scope::Images).await.status, StatusCode::NOT_FOUND);
    house.booked_for(house.patient, 30 * MINUTE_MS).await;
    assert_eq!(record(&house, &house.as_doctor(), Scope::Images).await.status, StatusCode::SEE_OTHER);
    let (_, id) = in_force(&house.as_patient(house.patient)).await.remove(0);
    let back = format!("{at}/{id}/taken-back");
    assert_eq!(post(&stranger, &back, &[("how", "paper")]).await.status, StatusCode::NOT_FOUND);
    let others = format!("/patients/{}/papers/{id}/taken-back", house.other_patient.text());
    assert_eq!(post(&house.as_desk(), &others, &[("how", "paper")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&house.as_desk(), &back, &[("how", "paper")]).await.status, StatusCode::SEE_OTHER);
    let again = post(&house.as_desk(), &back, &[("how", "paper")]).await;
    assert_eq!(again.location(), format!("{at}?done=not-standing"), "pressed twice");
}
