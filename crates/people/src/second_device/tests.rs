//! A visit goes from the computer to the phone, through the whole router.

use super::rules::{LIFE_MS, TRIES_MAX};
use super::store;
use crate::needs::{self, Needs};
use crate::testing::{Browser, CANARY, House, Invited, system};
use keep::{Entry, Object, args};
use vocabulary::{EnrolmentId, MINUTE_MS};
use web::testing::Answer;

const BORN: [(&str, &str); 3] = [("month", "3"), ("day", "9"), ("year", "1961")];
const OTHERS: [(&str, &str); 3] = [("month", "3"), ("day", "10"), ("year", "1961")];

/// A patient at the computer, past the second fact, and the page of the picture.
struct Desk {
    house: House,
    invited: Invited,
    computer: Browser,
    page: String,
}

/// What the patient sees on the computer.
struct Shown {
    secret: String,
    code: String,
}

impl Desk {
    async fn begin() -> Desk {
        let house = House::open().await;
        let invited = house.invite().await;
        let mut computer = house.browser();
        let who = computer.submit("/i", "/i", &[("secret", &invited.secret.reveal())]).await;
        let who = who.location().to_owned();
        assert_eq!(computer.submit(&who, &who, &BORN).await.status, 303);
        let page = who.replace("/who", "/other-device");
        Desk { house, invited, computer, page }
    }

    async fn show(&mut self) -> Shown {
        let page = self.page.clone();
        let offered = self.computer.get(&page).await.text;
        assert!(offered.contains(&format!("action=\"{page}\"")), "no button for a picture: {offered}");
        let asked = self.computer.submit(&page, &page, &[]).await;
        assert_eq!(asked.location(), page, "{}", asked.text);
        let shown = self.computer.get(&page).await.text;
        assert!(shown.contains("<svg class=\"qr\""), "{shown}");
        let mut conn = self.house.keep.read().await.unwrap();
        let sql = "SELECT id FROM second_device WHERE over_at IS NULL";
        let row = conn.row(sql, args![]).await.unwrap().unwrap();
        let id = row.parsed("id", EnrolmentId::parse).unwrap();
        let shows =
            Shown { secret: store::secret(&self.house.keep, id), code: store::code(&self.house.keep, id) };
        assert!(shown.contains(&format!("{} {}", &shows.code[..3], &shows.code[3..])), "{shown}");
        assert!(!shown.contains(&shows.secret), "the secret stands in the picture alone");
        shows
    }

    async fn is_signed_in(&mut self) -> bool {
        let still = format!("{}/still", self.page);
        self.computer.in_background(&still).await.status == 200
    }
}

/// Whoever comes along shows their own code again, in place of a birth date that nobody has of them.
#[tokio::test]
async fn whoever_comes_along_goes_on_with_their_own_code() {
    let house = House::open().await;
    let (invited, code) = house.invite_with_code().await;
    let mut computer = house.browser();
    let who = computer.submit("/i", "/i", &[("secret", &invited.secret.reveal())]).await;
    let who = who.location().to_owned();
    assert_eq!(computer.submit(&who, &who, &[("code", &code)]).await.status, 303);
    let page = who.replace("/who", "/other-device");
    let mut desk = Desk { house, invited, computer, page };
    let shown = desk.show().await;
    let mut phone = desk.house.browser();
    let asked = phone.submit("/i/continue", "/i/continue", &[("secret", &shown.secret)]).await.text;
    assert!(asked.contains("name=\"code\"") && !asked.contains("name=\"month\""), "{asked}");
    let take = "/i/continue/prove";
    for (own, status) in [("", 422), (code.as_str(), 303)] {
        let fields = [("secret", shown.secret.as_str()), ("short", &shown.code), ("code", own)];
        let answer = phone.submit("/i/continue", take, &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
    assert!(!desk.is_signed_in().await);
}

/// Said while the visit still belongs to the first device: a mail app's own browser can hold none.
#[tokio::test]
async fn the_door_on_the_phone_warns_of_a_browser_that_holds_no_visit() {
    let house = House::open().await;
    let door = |path: &'static str| {
        let mut phone = house.browser();
        async move { phone.get(path).await.text }
    };
    for path in ["/i", "/i/continue"] {
        let page = door(path).await;
        for missing in ["mail_app", "old"] {
            assert!(page.contains(&format!("data-missing=\"{missing}\"")), "{path}: {page}");
        }
    }
    assert!(!door("/n").await.contains("data-missing"), "a notice is read in any browser");
}

async fn go_on(phone: &mut Browser, secret: &str, short: &str, born: [(&str, &str); 3]) -> Answer {
    let fields = [("secret", secret), ("short", short), born[0], born[1], born[2]];
    phone.submit("/i/continue", "/i/continue/prove", &fields).await
}

#[tokio::test]
async fn the_phone_goes_on_with_picture_code_and_birth_date_and_the_computer_is_told() {
    let mut desk = Desk::begin().await;
    let shown = desk.show().await;
    let mut phone = desk.house.browser();
    let asked = phone.submit("/i/continue", "/i/continue", &[("secret", &shown.secret)]).await;
    assert!(asked.status == 200 && asked.text.contains("Code on the other screen"), "{}", asked.text);
    assert!(!asked.text.contains(CANARY), "nothing of the patient before the second fact");
    assert!(desk.is_signed_in().await, "looking takes nothing away");
    let went = go_on(&mut phone, &shown.secret, &shown.code, BORN).await;
    assert_eq!(went.location(), desk.page.replace("other-device", "check-in/welcome"), "{}", went.text);
    assert!(!desk.is_signed_in().await);
    let told = desk.computer.get(&desk.page.clone()).await;
    assert!(told.status == 200 && told.text.contains("goes on with your other device"), "{}", told.text);
    assert_eq!(phone.get(&desk.page).await.status, 200, "the phone is the one now");
    let acts = desk.house.acts(Some(desk.invited.patient)).await;
    for act in ["invitation.continue done", "invitation.take_over done"] {
        assert!(acts.contains(&act.to_owned()), "{act}: {acts:?}");
    }
    let mut third = desk.house.browser();
    assert_eq!(go_on(&mut third, &shown.secret, &shown.code, BORN).await.status, 410, "once");
    assert_ne!(desk.house.browser().get(&desk.page).await.status, 200, "a stranger learns nothing");
}

#[tokio::test]
async fn none_of_the_three_opens_it_alone_and_a_picture_is_over_in_time() {
    let mut desk = Desk::begin().await;
    let shown = desk.show().await;
    let mut phone = desk.house.browser();
    let wrong = if shown.code == "000000" { "000001" } else { "000000" };
    for slip in ["", "12345"] {
        let slipped = go_on(&mut phone, &shown.secret, slip, BORN).await;
        assert_eq!(slipped.status, 422, "not six digits");
    }
    assert_eq!(
        go_on(&mut phone, &shown.secret, &shown.code, [("month", ""), ("day", ""), ("year", "")])
            .await
            .status,
        422
    );
    let born = go_on(&mut phone, &shown.secret, &shown.code, OTHERS).await;
    assert!(born.status == 422 && born.text.contains("4"), "counted at the invitation: {}", born.text);
    for _ in 1..TRIES_MAX {
        assert_eq!(go_on(&mut phone, &shown.secret, wrong, BORN).await.status, 422);
    }
    assert_eq!(go_on(&mut phone, &shown.secret, wrong, BORN).await.status, 410, "tried too often");
    assert_eq!(
        go_on(&mut phone, &shown.secret, &shown.code, BORN).await.status,
        410,
        "also with the right one"
    );
    assert!(desk.is_signed_in().await, "none of it signs the first device out");

    let after_five = desk.computer.get(&desk.page.clone()).await.text;
    assert!(!after_five.contains("<svg class=\"qr\""), "a picture that leads nowhere: {after_five}");
    let first = desk.show().await;
    let second = desk.show().await;
    assert_eq!(go_on(&mut phone, &first.secret, &first.code, BORN).await.status, 410, "replaced");
    desk.house.clock.advance_ms(LIFE_MS);
    assert_eq!(go_on(&mut phone, &second.secret, &second.code, BORN).await.status, 410, "too late");
    let third = desk.show().await;
    let out = desk.page.replace("other-device", "sign-out");
    let page = desk.page.clone();
    assert_eq!(desk.computer.submit(&page, &out, &[]).await.status, 303);
    assert_eq!(go_on(&mut phone, &third.secret, &third.code, BORN).await.status, 410, "signed out there");
    for secret in ["", "x", &third.secret[1..]] {
        assert_eq!(go_on(&mut phone, secret, &third.code, BORN).await.status, 410, "{secret}");
    }
}

/// Who sits down at the computer next finds nothing open there, also if the portal had been looked at.
#[tokio::test]
async fn the_portal_that_was_opened_from_the_visit_ends_on_the_first_device_too() {
    let mut desk = Desk::begin().await;
    let page = desk.page.clone();
    let portal = desk.page.replace("other-device", "portal");
    assert_eq!(desk.computer.submit(&page, &portal, &[]).await.status, 303);
    assert_eq!(desk.computer.get("/portal/keys").await.status, 200);
    let shown = desk.show().await;
    let mut phone = desk.house.browser();
    assert_eq!(go_on(&mut phone, &shown.secret, &shown.code, BORN).await.status, 303);
    assert_eq!(desk.computer.get("/portal/keys").await.status, 303, "asks to sign in");
}

#[tokio::test]
async fn of_fifty_who_try_at_once_one_goes_on() {
    let mut desk = Desk::begin().await;
    let shown = desk.show().await;
    let mut seen = desk.house.browser();
    let token = seen.get("/i/continue").await.text;
    let token = token.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let (token, secret, code) = (token.to_owned(), shown.secret, shown.code);
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (mut phone, token, secret, code) = (seen.clone(), token.clone(), secret.clone(), code.clone());
        tries.spawn(async move {
            let fields = [("secret", secret.as_str()), ("short", &code), BORN[0], BORN[1], BORN[2]];
            phone.post("/i/continue/prove", &token, &fields).await.status.as_u16()
        });
    }
    let answers = tries.join_all().await;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((count(303), count(410)), (1, 49), "{answers:?}");
    let mut conn = desk.house.keep.read().await.unwrap();
    let sql = "SELECT id FROM session WHERE kind = 'guest' AND ended_at IS NULL";
    assert_eq!(conn.rows(sql, args![]).await.unwrap().len(), 1, "one device has the visit");
}

/// R101 (part: extra time, the code on the first screen)
#[tokio::test]
async fn whoever_asked_for_more_time_has_twice_as_long() {
    let mut desk = Desk::begin().await;
    let mut tx = desk.house.keep.begin().await.unwrap();
    let asked = Needs { aids: vec!["extra_time".into()], ..Needs::default() };
    needs::add(&mut tx, (desk.invited.patient, None), &asked).await.unwrap();
    let object = Object::of("needs", "").patient(desk.invited.patient);
    tx.commit(&system(), Entry::new(object)).await.unwrap();
    let shown = desk.show().await;
    desk.house.clock.advance_ms(2 * LIFE_MS - MINUTE_MS);
    let went = go_on(&mut desk.house.browser(), &shown.secret, &shown.code, BORN).await;
    assert_eq!(went.status, 303, "{}", went.text);
}
