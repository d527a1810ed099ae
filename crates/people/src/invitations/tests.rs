//! The way in by a link, through the whole router: browsers, cookies, trail.

use super::{State, newest, reissue, withdraw};
use crate::testing::{Browser, CANARY, House, Invited, system};
use keep::{Entry, Hint, Object};
use vocabulary::{HOUR_MS, MINUTE_MS, Secret};
use web::testing::{Answer, way_back};

const RIGHT: [(&str, &str); 3] = [("month", "3"), ("day", "9"), ("year", "1961")];
const WRONG: [(&str, &str); 3] = [("month", "3"), ("day", "10"), ("year", "1961")];

async fn press(browser: &mut Browser, secret: &Secret) -> Answer {
    browser.submit("/i", "/i", &[("secret", &secret.reveal())]).await
}

/// Presses the button and gives the path of the second fact.
async fn come_in(browser: &mut Browser, invited: &Invited) -> String {
    let answer = press(browser, &invited.secret).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.location().to_owned()
}

async fn state(house: &House, invited: &Invited) -> State {
    let mut conn = house.keep.read().await.unwrap();
    newest(&mut conn, invited.participant).await.unwrap().unwrap().standing.state
}

#[tokio::test]
async fn a_link_and_a_birth_date_bring_a_patient_to_check_in() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    let door = who.strip_prefix("/g/").unwrap().strip_suffix("/who").unwrap().to_owned();
    let before = phone.cookie(&format!("__Host-guest-{door}")).unwrap().to_owned();
    let answer = phone.submit(&who, &who, &RIGHT).await;
    assert_eq!(answer.location(), format!("/g/{door}/check-in/welcome"));
    let after = phone.cookie(&format!("__Host-guest-{door}")).unwrap();
    assert_ne!(before, after, "a new token after the second fact");
    assert_eq!(state(&house, &invited).await, State::Proven);
    let acts = house.acts(Some(invited.patient)).await;
    assert!(acts.ends_with(&["invitation.open done".into(), "invitation.prove done".into()]), "{acts:?}");
    // The token from before the second fact opens nothing any more.
    let mut thief = house.browser();
    thief.keep_cookie(&format!("__Host-guest-{door}={before}; Path=/"));
    assert_eq!(thief.get(&who).await.status, 401);
    // Going back to the question leads on.
    assert_eq!(phone.get(&who).await.location(), format!("/g/{door}/check-in/welcome"));
}

#[tokio::test]
async fn looking_at_the_page_consumes_nothing() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut scanner = house.browser();
    for _ in 0..3 {
        let seen = scanner.get("/i").await;
        assert_eq!(seen.status, 200);
        assert!(seen.text.contains("name=\"secret\""));
    }
    assert!(scanner.cookie_names().is_empty());
    assert_eq!(state(&house, &invited).await, State::Issued);
    come_in(&mut house.browser(), &invited).await;
}

#[tokio::test]
async fn five_wrong_birth_dates_lock_the_link_and_tell_the_desk() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    let mut desk = house.keep.bus().subscribe();
    for left in [4, 3, 2, 1] {
        let answer = phone.submit(&who, &who, &WRONG).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text.contains(&format!("\u{2068}{left}\u{2069} more tr")) || left == 1, "{left}");
    }
    let last = phone.submit(&who, &who, &WRONG).await;
    assert_eq!(last.status, 403);
    assert!(last.text.contains("This link is locked") && last.text.contains("555-0142"));
    assert_eq!(state(&house, &invited).await, State::Locked);
    let mut heard = Vec::new();
    while let Ok(hint) = desk.try_recv() {
        heard.push(hint);
    }
    assert!(heard.contains(&Hint::Visit(invited.visit)));
    // Not even the right date helps now, on this device or another.
    assert!(press(&mut phone, &invited.secret).await.text.contains("This link is locked"));
    assert!(press(&mut house.browser(), &invited.secret).await.text.contains("This link is locked"));
    let acts = house.acts(Some(invited.patient)).await;
    let wrong = acts.iter().filter(|act| *act == "invitation.prove refused").count();
    assert_eq!(wrong, 5, "{acts:?}");
}

#[tokio::test]
async fn a_guest_without_a_birth_date_on_file_comes_in_by_the_code_told_by_phone() {
    let house = House::open().await;
    let (invited, code) = house.invite_with_code().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    let asked = phone.get(&who).await;
    assert!(asked.text.contains("name=\"code\"") && !asked.text.contains("name=\"month\""), "{}", asked.text);
    // The patient's birth date is not theirs to know, and opens nothing.
    for slip in [&RIGHT[..], &[("code", "12345")], &[("code", "")]] {
        assert_eq!(phone.submit(&who, &who, slip).await.status, 422);
    }
    assert_eq!(state(&house, &invited).await, State::Opened);
    let right = phone.submit(&who, &who, &[("code", &code)]).await;
    assert!(right.location().ends_with("/check-in/welcome"), "{}", right.text);
    // From here on the pages speak their language, not the patient's.
    let closed = phone.get(&format!("{who}/nowhere")).await;
    assert!(closed.text.contains("lang=\"es\""), "{}", closed.text);
    // Nobody else's code fits, and none is kept in the clear.
    let (other, _) = house.invite_with_code().await;
    let mut second = house.browser();
    let who = come_in(&mut second, &other).await;
    assert_eq!(second.submit(&who, &who, &[("code", &code)]).await.status, 422);
}

#[tokio::test]
async fn five_wrong_codes_lock_the_link() {
    let house = House::open().await;
    let (invited, code) = house.invite_with_code().await;
    let wrong = if code == "111 111" { "222222" } else { "111111" };
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    for _ in 0..4 {
        assert_eq!(phone.submit(&who, &who, &[("code", wrong)]).await.status, 422);
    }
    assert_eq!(phone.submit(&who, &who, &[("code", wrong)]).await.status, 403);
    assert_eq!(state(&house, &invited).await, State::Locked);
    assert!(press(&mut phone, &invited.secret).await.text.contains("This link is locked"));
}

#[tokio::test]
async fn a_slip_of_the_pen_costs_no_try() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    for fields in
        [[("month", ""), ("day", "9"), ("year", "1961")], [("month", "13"), ("day", "9"), ("year", "61")]]
    {
        for _ in 0..5 {
            assert_eq!(phone.submit(&who, &who, &fields).await.status, 422);
        }
    }
    assert_eq!(phone.submit(&who, &who, &RIGHT).await.status, 303);
}

#[tokio::test]
async fn a_link_works_on_one_device_alone() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    let other = press(&mut house.browser(), &invited.secret).await;
    assert_eq!(other.status, 409);
    assert!(other.text.contains("open on another device") && other.text.contains("tel:5550142"));
    let there = "press “Go on with another phone or tablet” on that screen";
    assert!(other.text.contains(there), "{}", other.text);
    // The same device comes back as often as it likes.
    assert_eq!(press(&mut phone, &invited.secret).await.location(), who);
    phone.submit(&who, &who, &RIGHT).await;
    assert!(press(&mut phone, &invited.secret).await.location().ends_with("/check-in/welcome"));
    let acts = house.acts(Some(invited.patient)).await;
    assert!(acts.contains(&"invitation.open refused".into()), "{acts:?}");
}

#[tokio::test]
async fn fifty_devices_at_once_open_one_link_and_one_of_them_wins() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (mut phone, secret) = (house.browser(), invited.secret.reveal());
        all.spawn(async move { phone.submit("/i", "/i", &[("secret", &secret)]).await });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 303).count(), 1, "one wins");
    let told = answers.iter().filter(|answer| answer.status == 409 && answer.text.contains("555-0142"));
    assert_eq!(told.count(), 49, "the others are told what to do");
}

/// Without any script: a code from paper, then the birth date.
#[tokio::test]
async fn a_typed_code_opens_what_the_link_opens() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut tx = house.keep.begin().await.unwrap();
    let code = super::join_code(&mut tx, &invited.secret).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("invitation", ""))).await.unwrap();
    let mut phone = house.browser();
    let enter =
        async |browser: &mut Browser, code: &str| browser.submit("/join", "/join", &[("code", code)]).await;
    for wrong in ["", "K7QM", "AAAA-AAAA"] {
        let again = enter(&mut phone, wrong).await;
        assert_eq!((again.status.as_u16(), way_back(&again.text)), (422, "/join"), "{wrong}");
    }
    let opened = enter(&mut phone, &code.to_lowercase().replace('-', " ")).await;
    let who = opened.location().to_owned();
    assert!(who.ends_with("/who"), "{}", opened.text);
    let slip = phone.submit(&who, &who, &[("month", "2"), ("day", "31"), ("year", "1961")]).await;
    assert_eq!((slip.status.as_u16(), way_back(&slip.text)), (422, who.as_str()));
    let spanish = phone.clone().in_spanish(&slip).await;
    assert!(spanish.status == 200 && spanish.text.contains("<html lang=\"es\""), "{}", spanish.text);
    assert!(phone.submit(&who, &who, &RIGHT).await.location().ends_with("/check-in/welcome"));
    let told = phone.get("/join").await.text;
    assert!(told.contains("<noscript>") && told.contains("A video visit needs JavaScript"), "{told}");
    // It is the same invitation: bound to one device, and gone with a newer one.
    assert_eq!(enter(&mut house.browser(), &code).await.status, 409);
    assert_eq!(press(&mut house.browser(), &invited.secret).await.status, 409);
    let mut tx = house.keep.begin().await.unwrap();
    withdraw(&mut tx, invited.participant).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("invitation", ""))).await.unwrap();
    assert_eq!(enter(&mut house.browser(), &code).await.status, 410);
}

#[tokio::test]
async fn a_device_that_slept_comes_back_and_is_asked_again() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    phone.submit(&who, &who, &RIGHT).await;
    house.clock.advance_ms(30 * MINUTE_MS);
    assert_eq!(phone.get(&who).await.status, 401, "idle for half an hour");
    assert_eq!(press(&mut phone, &invited.secret).await.location(), who);
    assert_eq!(state(&house, &invited).await, State::Opened);
    assert_eq!(phone.submit(&who, &who, &RIGHT).await.status, 303);
}

#[tokio::test]
async fn a_late_link_says_so() {
    let house = House::open().await;
    let invited = house.invite().await;
    house.clock.advance_ms(24 * HOUR_MS - 1);
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    house.clock.advance_ms(1);
    let late = press(&mut phone, &invited.secret).await;
    assert_eq!(late.status, 410);
    assert!(late.text.contains("This link is too old"));
    assert_eq!(phone.get(&who).await.status, 401, "its session is over with it");
}

#[tokio::test]
async fn a_new_link_kills_the_old_one() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    let mut tx = house.keep.begin().await.unwrap();
    let new = reissue(&mut tx, invited.visit, invited.participant, invited.patient, house.in_a_day());
    let new = new.await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("visit", ""))).await.unwrap();
    assert_eq!(phone.get(&who).await.status, 401, "who came by the old link is signed out");
    let old = press(&mut phone, &invited.secret).await;
    assert_eq!(old.status, 410);
    assert!(old.text.contains("This link was replaced"));
    assert_eq!(press(&mut phone, &new).await.status, 303);
    let mut tx = house.keep.begin().await.unwrap();
    withdraw(&mut tx, invited.participant).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("visit", ""))).await.unwrap();
    assert_eq!(press(&mut phone, &new).await.status, 410);
}

#[tokio::test]
async fn forged_and_absent_links_look_alike() {
    let house = House::open().await;
    let invited = house.invite().await;
    let forged = Secret::new(house.keep.entropy());
    let cut = &invited.secret.reveal()[..42];
    let mut texts = Vec::new();
    for secret in [forged.reveal().as_str(), cut, "", "%00"] {
        let answer = house.browser().submit("/i", "/i", &[("secret", secret)]).await;
        assert_eq!(answer.status, 404, "{secret}");
        texts.push(answer.text);
    }
    assert!(texts[0].contains("We do not know this link"));
    assert!(texts.iter().all(|text| *text == texts[0]));
    assert_eq!(state(&house, &invited).await, State::Issued);
    let refused = house.acts(None).await.iter().filter(|act| *act == "invitation.open refused").count();
    assert_eq!(refused, 4);
}

#[tokio::test]
async fn signing_out_gives_the_link_back() {
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    phone.submit(&who, &who, &RIGHT).await;
    let door = who.split('/').nth(2).unwrap().to_owned();
    // A guest's page carries the token; the question page led on, so the form of any page of this door will
    // do.
    let token = web::form_token(&form_key(&house, phone.cookie(&format!("__Host-guest-{door}")).unwrap()));
    let out = phone.post(&format!("/g/{door}/sign-out"), &token, &[]).await;
    assert_eq!(out.location(), "/signed-out");
    assert!(phone.cookie_names().is_empty());
    assert_eq!(state(&house, &invited).await, State::Issued);
    assert_eq!(come_in(&mut house.browser(), &invited).await, who);
}

#[tokio::test]
async fn a_stranger_who_tries_too_often_waits() {
    let house = House::open().await;
    let mut browser = house.browser();
    let mut last = 0;
    for _ in 0..61 {
        last = browser.submit("/i", "/i", &[("secret", "x")]).await.status.as_u16();
    }
    assert_eq!(last, 429);
    house.clock.advance_ms(MINUTE_MS);
    assert_eq!(browser.submit("/i", "/i", &[("secret", "x")]).await.status, 404);
}

/// Before the second fact nothing about the patient is on any page, and never in an address, a header or
/// the log.
#[tokio::test]
async fn nothing_about_the_patient_leaves_before_the_second_fact() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.subscriber());
    let house = House::open().await;
    let invited = house.invite().await;
    let mut phone = house.browser();
    let who = come_in(&mut phone, &invited).await;
    let secret = invited.secret.reveal();
    let mut answers = vec![phone.get("/i").await, phone.get(&who).await];
    answers.push(phone.submit(&who, &who, &WRONG).await);
    answers.push(press(&mut house.browser(), &invited.secret).await);
    answers.push(phone.submit(&who, &who, &RIGHT).await);
    for answer in &answers {
        let headers = format!("{:?}", answer.headers);
        for word in [CANARY, "1961-03-09", &secret] {
            assert!(!answer.text.contains(word) && !headers.contains(word), "{word} in {headers}");
        }
    }
    let written = log.text();
    for word in [CANARY, "1961", &secret] {
        assert!(!written.contains(word), "{word} in the log: {written}");
    }
    for line in &phone.set_cookies {
        assert!(line.starts_with("__Host-guest-"));
        assert!(line.contains("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400"), "{line}");
    }
}

fn form_key(house: &House, token: &str) -> [u8; 32] {
    house.keep.blind("session", "form_key", token).try_into().unwrap()
}

/// Everything the program logs, at every level.
#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Log {
    fn subscriber(&self) -> impl tracing::Subscriber + use<> {
        let log = self.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            // The digits of a fraction of a second would spell the year now and then.
            .without_time()
            .with_writer(move || log.clone())
            .finish()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
