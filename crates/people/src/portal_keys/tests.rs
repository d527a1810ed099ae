//! The ways into the portal, as browsers meet them. A passkey itself needs a browser:
//! `e2e/journeys/portal.test.mjs`.

use super::rules::{HELP_MS, LINK_MS};
use crate::testing::{Browser, CANARY, House, system};
use keep::{Entry, Letter, Object, args};
use vocabulary::{MINUTE_MS, PatientId, Role};

pub(super) const RIGHT: [(&str, &str); 3] = [("month", "03"), ("day", "09"), ("year", "1961")];
pub(super) const WRONG: [(&str, &str); 3] = [("month", "03"), ("day", "10"), ("year", "1961")];

pub(super) async fn letters(house: &House) -> Vec<String> {
    posted(house).await.iter().map(|letter| letter.text.clone()).collect()
}

pub(super) async fn posted(house: &House) -> Vec<Letter> {
    keep::testing::posted(&house.keep).await
}

pub(super) fn secret_in(text: &str) -> String {
    let (_, rest) = text.split_once("/portal/link#").expect("a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

pub(super) async fn desk(house: &House) -> Browser {
    let person = house.hire(&[Role::Desk]).await;
    house.signed_in(person).await
}

pub(super) fn page_of(patient: PatientId) -> String {
    format!("/patients/{}/portal", patient.text())
}

pub(super) async fn prove(
    browser: &mut Browser,
    secret: &str,
    born: [(&str, &str); 3],
) -> web::testing::Answer {
    let asked = browser.submit("/portal/link", "/portal/link", &[("secret", secret)]).await;
    if asked.status == 410 {
        return asked;
    }
    let token = hidden(&asked.text, "form_token");
    let fields = [born[0], born[1], born[2], ("secret", secret)];
    browser.post("/portal/link/prove", &token, &fields).await
}

pub(super) fn hidden(html: &str, name: &str) -> String {
    let at = html.find(&format!("name=\"{name}\" value=\"")).map(|at| at + name.len() + 15);
    at.map(|at| html[at..].split('"').next().unwrap().to_owned()).unwrap_or_default()
}

/// R15 (part: the desk mails a link it never sees, and the second fact is asked of whoever opens it)
#[tokio::test]
async fn a_link_goes_to_the_address_on_file_and_to_nobody_else() {
    let house = House::open().await;
    let patient = house.patient().await;
    let mut desk = desk(&house).await;
    let page = page_of(patient);
    let sent = desk.submit(&page, &format!("{page}/link"), &[]).await;
    assert_eq!(sent.location(), format!("{page}?done=sent"));
    let told = desk.get(sent.location()).await;
    assert_eq!(told.status, 200);
    let letters = letters(&house).await;
    assert_eq!(letters.len(), 1);
    assert!(!letters[0].contains("Maria"), "no name");
    let secret = secret_in(&letters[0]);
    assert!(!told.text.contains(&secret), "staff see no secret");

    let mut phone = house.browser();
    assert_eq!(phone.get("/portal/keys").await.location(), "/portal/sign-in?back=/portal/keys");
    let wrong = prove(&mut phone, &secret, WRONG).await;
    assert_eq!(wrong.status, 422);
    assert!(phone.cookie("__Host-patient").is_none());
    let right = prove(&mut phone, &secret, RIGHT).await;
    assert_eq!(right.location(), "/portal/keys");
    let keys = phone.get("/portal/keys").await;
    assert!(keys.text.contains("You have no passkey yet") && keys.text.contains("/portal/keys/start"));
    assert_eq!(prove(&mut house.browser(), &secret, RIGHT).await.status, 410, "once");
    let acts = house.acts(Some(patient)).await;
    for act in ["portal_key.help done", "notice.open refused", "notice.open done"] {
        assert!(acts.contains(&act.to_owned()), "{act}: {acts:?}");
    }
    house.clock.advance_ms(6 * MINUTE_MS);
    let later = phone.get("/portal/keys").await.text;
    assert!(!later.contains("/portal/keys/start") && later.contains("Show that it is still you"));
}

#[tokio::test]
async fn five_wrong_birth_dates_or_a_day_end_a_link() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (mut desk, page) = (desk(&house).await, page_of(patient));
    desk.submit(&page, &format!("{page}/link"), &[]).await;
    let first = secret_in(&letters(&house).await[0]);
    for _ in 0..4 {
        assert_eq!(prove(&mut house.browser(), &first, WRONG).await.status, 422);
    }
    assert_eq!(prove(&mut house.browser(), &first, WRONG).await.status, 410);
    assert_eq!(prove(&mut house.browser(), &first, RIGHT).await.status, 410, "locked");
    desk.submit(&page, &format!("{page}/link"), &[]).await;
    let second = secret_in(&letters(&house).await[0]);
    desk.submit(&page, &format!("{page}/link"), &[]).await;
    let third = secret_in(&letters(&house).await[0]);
    assert_eq!(prove(&mut house.browser(), &second, RIGHT).await.status, 410, "replaced");
    house.clock.advance_ms(LINK_MS);
    assert_eq!(prove(&mut house.browser(), &third, RIGHT).await.status, 410, "too late");
}

/// Whoever sends many birth dates at the same moment has no more tries than whoever sends them in turn.
#[tokio::test]
async fn guesses_that_come_all_at_once_are_counted_all_the_same() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (mut desk, page) = (desk(&house).await, page_of(patient));
    desk.submit(&page, &format!("{page}/link"), &[]).await;
    let secret = secret_in(&letters(&house).await[0]);
    let link = async |conn: &mut keep::Conn| {
        super::store::by_secret(conn, &house.keep, &secret).await.unwrap().unwrap()
    };
    let stale = link(&mut *house.keep.read().await.unwrap()).await;

    let mut phone = house.browser();
    let asked = phone.submit("/portal/link", "/portal/link", &[("secret", &secret)]).await;
    let token = hidden(&asked.text, "form_token");
    let mut tx = house.keep.begin().await.unwrap();
    let sent = secret.clone();
    let right = tokio::spawn(async move {
        let fields = [RIGHT[0], RIGHT[1], RIGHT[2], ("secret", sent.as_str())];
        phone.post("/portal/link/prove", &token, &fields).await.status
    });
    // Long enough for it to have read the link and to wait for the writer.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    for _ in 0..super::rules::TRIES_MAX {
        let now = link(&mut tx).await;
        super::store::count_wrong(&mut tx, &now).await.unwrap();
    }
    tx.commit(&system(), Entry::new(Object::of("portal_link", ""))).await.unwrap();
    assert_eq!(right.await.unwrap(), 410, "locked before it was its turn");
    let mut tx = house.keep.begin().await.unwrap();
    assert!(super::store::use_up(&mut tx, &stale).await.is_err(), "what was read before the tries");
}

/// R15 (part: help at the desk): what staff type names a browser; only that browser, with the second fact,
/// comes in.
#[tokio::test]
async fn a_code_read_out_lets_in_the_browser_that_showed_it_and_no_other() {
    let house = House::open().await;
    let patient = house.patient().await;
    house.hire_named(&[Role::PrivacyOfficial], "official@example.org").await;
    let (mut desk, page) = (desk(&house).await, page_of(patient));
    let mut phone = house.browser();
    let shown = phone.submit("/portal/sign-in", "/portal/help", &[]).await;
    let (secret, code) = (hidden(&shown.text, "secret"), hidden(&shown.text, "code"));
    let held = [("secret", secret.as_str()), ("code", code.as_str())];
    let early = phone.post("/portal/link", &hidden(&shown.text, "form_token"), &held).await;
    assert!(early.text.contains("We have not typed your letters yet") && early.text.contains(&code));

    let typed = async |desk: &mut Browser, code: &str, identity: &str| {
        desk.submit(&page, &format!("{page}/code"), &[("code", code), ("identity", identity)]).await
    };
    assert_eq!(typed(&mut desk, &code, "").await.status, 422, "who is it?");
    assert_eq!(typed(&mut desk, "AAAA-AAAA", "photo_id").await.status, 422);
    let approved = typed(&mut desk, &code.to_lowercase(), "photo_id").await;
    assert_eq!(approved.location(), format!("{page}?done=approved"));
    assert!(!approved.text.contains(&secret) && desk.cookie("__Host-patient").is_none());
    assert_eq!(typed(&mut desk, &code, "photo_id").await.status, 422, "a code counts once");
    let desk_tries = desk.submit("/portal/link", "/portal/link", &[("secret", &code)]).await;
    assert_eq!(desk_tries.status, 410, "the code is no secret");

    assert_eq!(prove(&mut phone, &secret, WRONG).await.status, 422);
    assert_eq!(prove(&mut phone, &secret, RIGHT).await.location(), "/portal/keys");
    let told = letters(&house).await;
    assert_eq!(told.len(), 2, "the patient's address is told, and the privacy official: {told:?}");
    assert!(told.iter().any(|text| text.contains("/practice/trail")), "who looks at it: {told:?}");
    let late = house.browser().submit("/portal/sign-in", "/portal/help", &[]).await;
    house.clock.advance_ms(HELP_MS);
    let mut colleague = self::desk(&house).await;
    let code = hidden(&late.text, "code");
    assert_eq!(typed(&mut colleague, &code, "known").await.status, 422, "too late");
}

/// R15 (part: a lost phone): what let in before no longer does, and the patient is told.
#[tokio::test]
async fn a_lost_phone_is_signed_out_and_its_link_is_dead() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (mut desk, page) = (desk(&house).await, page_of(patient));
    desk.submit(&page, &format!("{page}/link"), &[]).await;
    let secret = secret_in(&letters(&house).await[0]);
    let mut phone = house.browser();
    prove(&mut phone, &secret, RIGHT).await;
    assert_eq!(phone.get("/portal/keys").await.status, 200);
    let sent = desk.submit(&page, &format!("{page}/link"), &[("lost", "yes")]).await;
    assert_eq!(sent.location(), format!("{page}?done=lost"));
    assert_eq!(phone.get("/portal/keys").await.status, 303, "signed out");
    let letters = letters(&house).await;
    assert_eq!(letters.len(), 2, "the link, and that something changed: {letters:?}");
}

/// R15 (part: recovery turns off what was there before: the open visit on the lost phone, and old links)
#[tokio::test]
async fn a_lost_phone_that_is_in_a_visit_is_out_of_it_too() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut lost = house.browser();
    let opened = lost.submit("/i", "/i", &[("secret", &invited.secret.reveal())]).await;
    let who = opened.location().to_owned();
    lost.submit(&who, &who, &RIGHT).await;
    let token = crate::testing::form_token_of(&house, &lost, &who);
    let (mut desk, page) = (desk(&house).await, page_of(invited.patient));
    desk.submit(&page, &format!("{page}/link"), &[("lost", "yes")]).await;
    let tried = lost.post(&who.replace("/who", "/portal"), &token, &RIGHT).await;
    assert!(tried.location() != "/portal/keys" && lost.cookie("__Host-patient").is_none());
    let again = lost.submit("/i", "/i", &[("secret", &invited.secret.reveal())]).await;
    assert_eq!(again.status, 410, "the link on it is dead");
}

/// An address stands on file and no letter goes to it: the desk hears why, and does not ask for another one.
#[tokio::test]
async fn while_the_house_sends_no_mail_the_desk_is_told_just_that() {
    let house = House::open().await;
    let patient = house.patient().await;
    let (mut desk, page) = (desk(&house).await, page_of(patient));
    let mut settings = (*house.keep.settings()).clone();
    settings.house_rules.send_mail = false;
    let before = desk.get(&page).await.text;
    let token = hidden(&before, "form_token");
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("practice", ""))).await.unwrap();
    let told = desk.post(&format!("{page}/link"), &token, &[]).await;
    assert_eq!(told.status, 409);
    for text in [told.text, desk.get(&page).await.text] {
        assert!(text.contains("The house rules send no mail to patients"), "{text}");
        assert!(!text.contains("no email address on file"), "{text}");
    }
    assert!(letters(&house).await.is_empty());
}

/// R15 (part: a patient without an address gets rid of a thief too)
#[tokio::test]
async fn without_an_address_a_lost_phone_is_signed_out_by_the_desk() {
    let house = House::open().await;
    let mut new = crate::testing::new_patient("Maria Lopez");
    (new.email, new.check_phrase) = (None, None);
    let mut tx = house.keep.begin().await.unwrap();
    let patient = crate::patients::add(&mut tx, &new).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("patient", patient.text()))).await.unwrap();
    house.names.put(&house.keep, patient, &new);
    let (mut desk, page) = (desk(&house).await, page_of(patient));
    let thief = async || {
        let mut browser = house.browser();
        let mut tx = house.keep.begin().await.unwrap();
        let rules = house.keep.settings().house_rules.clone();
        let how = crate::sessions::How::Invitation;
        let started = crate::sessions::start_patient(&mut tx, &rules, patient, how).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("session", ""))).await.unwrap();
        browser.keep_cookie(started.cookie().to_str().unwrap());
        assert_eq!(browser.get("/portal/keys").await.status, 200);
        browser
    };
    let mut first = thief().await;
    assert!(desk.get(&page).await.text.contains("end all ways in"));
    let ended = desk.submit(&page, &format!("{page}/link"), &[("lost", "yes")]).await;
    assert_eq!(ended.location(), format!("{page}?done=ended"));
    assert_eq!(first.get("/portal/keys").await.status, 303, "signed out");
    assert_eq!(desk.submit(&page, &format!("{page}/link"), &[]).await.status, 409, "no letter to send");

    let mut second = thief().await;
    let mut phone = house.browser();
    let shown = phone.submit("/portal/sign-in", "/portal/help", &[]).await;
    let (secret, code) = (hidden(&shown.text, "secret"), hidden(&shown.text, "code"));
    let fields = [("code", code.as_str()), ("identity", "photo_id"), ("lost_phone", "yes")];
    let approved = desk.submit(&page, &format!("{page}/code"), &fields).await;
    assert_eq!(approved.location(), format!("{page}?done=approved"), "{}", approved.text);
    assert_eq!(second.get("/portal/keys").await.status, 303, "signed out");
    assert_eq!(prove(&mut phone, &secret, RIGHT).await.location(), "/portal/keys", "the new phone is in");
}

#[tokio::test]
async fn the_desk_alone_helps_and_a_patient_sees_their_own_keys_alone() {
    let house = House::open().await;
    let patient = house.patient().await;
    let page = page_of(patient);
    for (role, status) in [(Role::Administrator, 404), (Role::Clinician, 404), (Role::Assistant, 200)] {
        let person = house.hire(&[role]).await;
        assert_eq!(house.signed_in(person).await.get(&page).await.status, status, "{role:?}");
    }
    let mut desk = desk(&house).await;
    let drawn = desk.get(&page).await.text;
    assert!(drawn.contains(CANARY) && drawn.contains("/portal/sign-in"), "{drawn}");
    let nobody = "/patients/0192f0c1-2b3c-7d4e-8f00-112233445566/portal";
    assert_eq!(desk.get(nobody).await.status, 404);
    house.clock.advance_ms(6 * MINUTE_MS);
    assert!(desk.get(&page).await.location().starts_with("/sign-in/again"), "a fresh proof first");
}

/// R15 (part: the way from one's own visit, after its second fact); whoever came with an entry code is not
/// the patient.
#[tokio::test]
async fn a_patient_goes_from_the_visit_to_the_portal_and_a_companion_does_not() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let opened = phone.submit("/i", "/i", &[("secret", &invited.secret.reveal())]).await;
    let who = opened.location().to_owned();
    let to_portal = who.replace("/who", "/portal");
    assert_ne!(
        phone.submit(&who, &to_portal, &[]).await.location(),
        "/portal/keys",
        "before the second fact"
    );
    phone.submit(&who, &who, &RIGHT).await;
    // The form's token is the new session's: any page of it carries one.
    let token = crate::testing::form_token_of(&house, &phone, &who);
    assert_eq!(phone.post(&to_portal, &token, &[]).await.location(), "/portal/keys");
    assert_eq!(phone.get("/portal/keys").await.status, 200);

    let (companion, code) = house.invite_with_code().await;
    let mut theirs = house.browser();
    let opened = theirs.submit("/i", "/i", &[("secret", &companion.secret.reveal())]).await;
    let who = opened.location().to_owned();
    theirs.submit(&who, &who, &[("code", &code)]).await;
    let token = crate::testing::form_token_of(&house, &theirs, &who);
    assert_eq!(theirs.post(&who.replace("/who", "/portal"), &token, &[]).await.status, 404);
    assert!(theirs.cookie("__Host-patient").is_none());
}

/// R15 (part: a passkey comes from a proof of a moment ago, not from whoever holds the phone later)
#[tokio::test]
async fn from_an_old_visit_page_the_portal_asks_for_the_birth_date_again() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let opened = phone.submit("/i", "/i", &[("secret", &invited.secret.reveal())]).await;
    let who = opened.location().to_owned();
    let to_portal = who.replace("/who", "/portal");
    phone.submit(&who, &who, &RIGHT).await;
    let token = crate::testing::form_token_of(&house, &phone, &who);
    house.clock.advance_ms(4 * MINUTE_MS);
    assert_eq!(phone.post(&to_portal, &token, &[]).await.location(), "/portal/keys");
    assert!(
        phone.get("/portal/keys").await.text.contains("/portal/keys/start"),
        "four minutes after the proof"
    );
    house.clock.advance_ms(2 * MINUTE_MS);
    let stale = phone.get("/portal/keys").await.text;
    assert!(!stale.contains("/portal/keys/start") && stale.contains("Ask us for a new link"), "{stale}");

    let asked = phone.post(&to_portal, &token, &[]).await;
    assert!(asked.status == 200 && asked.text.contains(&to_portal), "{}", asked.text);
    assert_eq!(phone.post(&to_portal, &token, &[("month", "13")]).await.status, 422, "a slip");
    assert_eq!(phone.post(&to_portal, &token, &WRONG).await.status, 422);
    assert!(!phone.get("/portal/keys").await.text.contains("/portal/keys/start"));
    assert_eq!(phone.post(&to_portal, &token, &RIGHT).await.location(), "/portal/keys");
    assert!(phone.get("/portal/keys").await.text.contains("/portal/keys/start"));

    house.clock.advance_ms(6 * MINUTE_MS);
    for _ in 0..3 {
        assert_eq!(phone.post(&to_portal, &token, &WRONG).await.status, 422);
    }
    assert_eq!(phone.post(&to_portal, &token, &WRONG).await.status, 403, "the fifth one locks");
    assert_eq!(phone.post(&to_portal, &token, &RIGHT).await.status, 401, "signed out of the visit too");
}

#[tokio::test]
async fn browsers_that_wait_are_bounded_and_forgotten() {
    let house = House::open().await;
    let mut tx = house.keep.begin().await.unwrap();
    for _ in 0..super::rules::WAITING_MAX {
        assert!(super::store::ask_help(&mut tx).await.unwrap().is_some());
    }
    assert!(super::store::ask_help(&mut tx).await.unwrap().is_none());
    tx.commit(&system(), Entry::new(Object::of("portal_link", ""))).await.unwrap();
    house.clock.advance_ms(HELP_MS);
    let mut tx = house.keep.begin().await.unwrap();
    assert!(super::store::ask_help(&mut tx).await.unwrap().is_some());
    assert_eq!(tx.rows("SELECT id FROM portal_link", args![]).await.unwrap().len(), 1);
}
