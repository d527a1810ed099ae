//! The staff door, as browsers meet it.

use crate::enrolments::{self, Purpose};
use crate::proofs::{self, Hasher, rules};
use crate::sessions::How;
use crate::testing::{Browser, House, system};
use keep::{Entry, Object, args};
use std::sync::OnceLock;
use vocabulary::{MINUTE_MS, PersonId, Role, SECOND_MS, Secret};
use web::testing::Answer;

pub(super) const EMAIL: &str = "theo@harbor.example";
pub(super) const PASSWORD: &str = "purple otters envelop noon";
const KEY: &[u8] = b"12345678901234567890";

/// A member of staff at the desk with password, code app and saved codes.
pub(super) async fn theo(house: &House) -> (PersonId, Vec<String>) {
    static HASH: OnceLock<String> = OnceLock::new();
    if HASH.get().is_none() {
        let hasher = Hasher::new(house.keep.entropy());
        let hash = hasher.hash(PASSWORD, house.keep.entropy()).await.unwrap();
        HASH.set(hash.to_string()).ok();
    }
    let person = house.hire_named(&[Role::Desk], EMAIL).await;
    let mut tx = house.keep.begin().await.unwrap();
    let login = proofs::login(&mut tx, &system(), person).await.unwrap().unwrap();
    proofs::set_password(&mut tx, &login, Some((HASH.get().unwrap(), KEY)), 0).await.unwrap();
    let codes = proofs::save_codes(&mut tx, person).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("login", ""))).await.unwrap();
    (person, codes)
}

pub(super) fn code(house: &House) -> String {
    rules::code_at(KEY, house.keep.clock().now().0 / 30_000)
}

pub(super) async fn enter(browser: &mut Browser, email: &str, password: &str, code: &str) -> Answer {
    let fields = [("email", email), ("password", password), ("code", code), ("back", "/patients")];
    browser.submit("/sign-in", "/sign-in", &fields).await
}

pub(super) async fn letters(house: &House) -> usize {
    let mut conn = house.keep.read().await.unwrap();
    conn.rows("SELECT id FROM outbox", args![]).await.unwrap().len()
}

/// R14: nobody of the staff reaches a patient's data with a password alone: not at the door, not by a saved
/// code, not where a way in is set up; what begins a session is always more, and a passkey is offered, which
/// no fake page can steal. (An account elsewhere that asked a password alone: `provider`.)
#[tokio::test]
async fn a_password_alone_opens_nothing() {
    let house = House::open().await;
    let (person, codes) = theo(&house).await;
    for way in How::ALL {
        let more_than_a_password = match way {
            How::Passkey => "user verification is required",
            How::Password => "with the code of an app, below",
            How::Provider => "with our own code unless they asked for more, in `provider`",
            How::Enrolment => "a way in of two parts was just made, below",
            How::Link | How::Invitation => "the demo's press; guests and patients, not the staff's",
        };
        assert!(!more_than_a_password.is_empty());
    }
    let mut browser = house.browser();
    assert!(browser.get("/sign-in").await.text.contains("action=\"/sign-in/passkey\""));
    assert_eq!(enter(&mut browser, EMAIL, PASSWORD, "").await.status, 422);
    let fields = [("email", EMAIL), ("password", PASSWORD), ("saved_code", "")];
    let saved = browser.submit("/sign-in/saved-code", "/sign-in/saved-code", &fields).await;
    assert_eq!(saved.status, 422);
    let now = house.keep.clock().now();
    let mut tx = house.keep.begin().await.unwrap();
    let span = (now, now.plus_ms(MINUTE_MS));
    let secret = enrolments::issue(&mut tx, person, Purpose::Join, span).await.unwrap().reveal();
    tx.commit(&system(), Entry::new(Object::of("person", ""))).await.unwrap();
    let number = Secret::new(house.keep.entropy()).reveal();
    for code in ["", "000000"] {
        let fields = [
            ("secret", secret.as_str()),
            ("key", number.as_str()),
            ("password", "seven geese crossed silently"),
            ("code", code),
        ];
        let refused = browser.submit("/welcome", "/welcome/password", &fields).await;
        assert_eq!(refused.status, 422, "no password is kept without its code");
    }
    let fields = [("email", EMAIL), ("password", PASSWORD), ("saved_code", codes[0].as_str())];
    let half = browser.submit("/sign-in/saved-code", "/sign-in/saved-code", &fields).await;
    assert_eq!(half.status, 200, "a new way in may be set up, and nothing else is open");
    assert!(browser.cookie("__Host-staff").is_none());
    let patient = house.patient().await.text();
    let mut shut = 0;
    for route in crate::routes().table().iter().filter(|route| route.method == "GET") {
        if !matches!(route.rule, web::Rule::Act(_)) || route.path.starts_with("/g/") {
            continue;
        }
        let path = route.path.replace("{id}", &patient);
        let answer = browser.get(&path).await;
        let to_a_door = answer.status == 303 && answer.location().contains("sign-in");
        assert!(to_a_door || answer.status.is_client_error(), "{route}: {}", answer.status);
        assert!(!answer.text.contains(crate::testing::CANARY), "{route}");
        shut += 1;
    }
    assert!(shut > 15, "{shut}");
}

/// R14 (part: nobody comes in by a password alone, nor by a code alone)
#[tokio::test]
async fn password_and_code_let_in_only_together() {
    let house = House::open().await;
    theo(&house).await;
    let mut browser = house.browser();
    for (password, code) in [(PASSWORD, ""), (PASSWORD, "000000"), ("", code(&house).as_str())] {
        let outside = enter(&mut browser, EMAIL, password, code).await;
        assert_eq!(outside.status, 422);
        assert!(browser.cookie("__Host-staff").is_none());
    }
    let inside = enter(&mut browser, "  Theo@Harbor.Example", PASSWORD, &code(&house)).await;
    assert_eq!(inside.location(), "/patients");
    assert_eq!(browser.get("/patients").await.status, 200);
    assert!(house.acts(None).await.contains(&"session.sign_in done".into()));
    assert!(house.acts(None).await.contains(&"session.sign_in refused".into()));
    let mut other = house.browser();
    assert_eq!(enter(&mut other, EMAIL, PASSWORD, &code(&house)).await.status, 422, "a code counts once");
}

/// A name nobody has, an account that is suspended, one without a password: one answer, one hash, one entry.
#[tokio::test]
async fn the_door_does_not_tell_which_names_there_are() {
    let house = House::open().await;
    let (person, _) = theo(&house).await;
    house.hire_named(&[Role::Desk], "no.password@harbor.example").await;
    let (suspended, right) = ("suspended@harbor.example", code(&house));
    let mut answers = Vec::new();
    for (email, code) in
        [(EMAIL, "000000"), ("nobody@harbor.example", "000000"), ("no.password@harbor.example", "000000")]
    {
        let (hashes, entries) = (house.hasher.done(), house.acts(None).await.len());
        let mut browser = house.browser();
        let answer = enter(&mut browser, email, PASSWORD, code).await;
        assert_eq!(house.hasher.done(), hashes + 1, "{email}");
        // The first look at the door is an entry of its own; the refusal is one for everybody.
        let refusals = house.acts(None).await[entries..].iter().filter(|act| act.contains("refused")).count();
        assert_eq!(refusals, 1, "{email}");
        answers.push((answer.status, answer.text.replace(email, "")));
    }
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![person]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("person", ""))).await.unwrap();
    let mut browser = house.browser();
    let answer = enter(&mut browser, EMAIL, PASSWORD, &right).await;
    answers.push((answer.status, answer.text.replace(EMAIL, "").replace(suspended, "")));
    let first = &answers[0];
    for (index, other) in answers.iter().enumerate() {
        assert!(other == first, "answer {index} reads differently");
    }
}

/// R21: failures in a row raise one alert, a letter to the owner, and a delay, never a lock at their own
/// desk; each is in the trail.
#[tokio::test]
async fn wrong_tries_slow_a_stranger_down_and_tell_the_owner_once() {
    let house = House::open().await;
    theo(&house).await;
    let mut at_the_desk = house.browser();
    assert_eq!(enter(&mut at_the_desk, EMAIL, PASSWORD, &code(&house)).await.status, 303);
    house.clock.advance_ms(MINUTE_MS);
    let before = letters(&house).await;
    let mut stranger = house.browser();
    let mut waited = 0;
    for _ in 0..12 {
        let answer = enter(&mut stranger, EMAIL, "a wrong password here", "123456").await;
        match answer.status.as_u16() {
            429 => waited += 1,
            other => assert_eq!(other, 422),
        }
        house.clock.advance_ms(3 * SECOND_MS);
    }
    assert!(waited >= 3, "{waited} of 12 had to wait");
    let refused = house.acts(None).await.into_iter().filter(|act| act == "session.sign_in refused").count();
    assert!(refused >= 12 - waited, "{refused} entries");
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let mut tries = 0;
    while letters(&house).await == before && tries < 100 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        tries += 1;
    }
    assert_eq!(letters(&house).await, before + 1, "one letter");
    assert_eq!(enter(&mut stranger, EMAIL, PASSWORD, &code(&house)).await.status, 429);
    let mut same_desk = at_the_desk.clone();
    assert_eq!(enter(&mut same_desk, EMAIL, PASSWORD, &code(&house)).await.status, 303);
}

/// R21 (part: a new device is told to the owner, a known one is not)
#[tokio::test]
async fn a_new_device_is_news() {
    let house = House::open().await;
    theo(&house).await;
    let (mut first, mut second) = (house.browser(), house.browser());
    enter(&mut first, EMAIL, PASSWORD, &code(&house)).await;
    assert_eq!(letters(&house).await, 0, "the first device there is");
    house.clock.advance_ms(MINUTE_MS);
    enter(&mut second, EMAIL, PASSWORD, &code(&house)).await;
    assert_eq!(letters(&house).await, 1);
    house.clock.advance_ms(MINUTE_MS);
    enter(&mut second, EMAIL, PASSWORD, &code(&house)).await;
    assert_eq!(letters(&house).await, 1);
}

#[tokio::test]
async fn what_changes_who_comes_in_asks_for_a_fresh_proof_and_gives_a_new_token() {
    let house = House::open().await;
    theo(&house).await;
    let mut browser = house.browser();
    enter(&mut browser, EMAIL, PASSWORD, &code(&house)).await;
    assert_eq!(browser.get("/me/password").await.status, 200);
    house.clock.advance_ms(5 * MINUTE_MS);
    assert_eq!(browser.get("/me/password").await.location(), "/sign-in/again?back=/me/password");
    let late = browser.submit("/me", "/me/codes", &[]).await;
    assert_eq!(late.status, 401, "a form that was sent too late changes nothing");
    let mut copy = browser.clone();
    let page = "/sign-in/again?back=/me/password";
    let wrong = [("password", PASSWORD), ("code", "000000"), ("back", "/me/password")];
    let again = browser.submit(page, "/sign-in/again", &wrong).await;
    let way_back = web::testing::way_back(&again.text);
    assert_eq!((again.status.as_u16(), way_back), (422, "/sign-in/again?back=%2Fme%2Fpassword"));
    let now = code(&house);
    let right = [("password", PASSWORD), ("code", now.as_str()), ("back", "/me/password")];
    assert_eq!(browser.submit(page, "/sign-in/again", &right).await.location(), "/me/password");
    assert_eq!(browser.get("/me/password").await.status, 200);
    assert!(copy.get("/patients").await.location().starts_with("/sign-in"), "a copied cookie is worthless");
    assert!(house.acts(None).await.contains(&"session.prove_again done".into()));
}

#[tokio::test]
async fn a_saved_code_opens_the_page_for_a_new_way_in_and_ends_the_old_one() {
    let house = House::open().await;
    let (person, codes) = theo(&house).await;
    let mut before = house.browser();
    enter(&mut before, EMAIL, PASSWORD, &code(&house)).await;
    let mut browser = house.browser();
    let ask = async |browser: &mut Browser, password: &str, saved: &str| {
        let fields = [("email", EMAIL), ("password", password), ("saved_code", saved)];
        browser.submit("/sign-in/saved-code", "/sign-in/saved-code", &fields).await
    };
    assert_eq!(ask(&mut browser, "", &codes[0]).await.status, 422, "the code without the password");
    assert_eq!(ask(&mut browser, PASSWORD, "0000-0000-0000-0000").await.status, 422);
    let page = ask(&mut browser, PASSWORD, &codes[0]).await;
    assert_eq!(page.status, 200);
    assert!(browser.cookie("__Host-staff").is_none(), "a saved code alone signs nobody in");
    let field = |name: &str| {
        let at = page.text.find(&format!("name=\"{name}\" value=\"")).unwrap() + name.len() + 15;
        page.text[at..].split('"').next().unwrap().to_owned()
    };
    let (secret, number) = (field("secret"), field("key"));
    let mut key = house.keep.blind("login", "code_key", &format!("{} {number}", person.text()));
    key.truncate(20);
    let fresh = rules::code_at(&key, house.keep.clock().now().0 / 30_000);
    let fields = [
        ("secret", secret.as_str()),
        ("key", number.as_str()),
        ("password", "seven geese crossed silently"),
        ("code", fresh.as_str()),
    ];
    let done = browser.submit("/welcome", "/welcome/password", &fields).await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert_eq!(done.text.matches("<li><code>").count(), 10);
    assert_eq!(browser.get("/patients").await.status, 200);
    assert!(before.get("/patients").await.location().starts_with("/sign-in"), "the session of before");
    assert_eq!(browser.submit("/welcome", "/welcome/password", &fields).await.status, 410, "the link, again");
    house.clock.advance_ms(MINUTE_MS);
    let mut old = house.browser();
    assert_eq!(enter(&mut old, EMAIL, PASSWORD, &code(&house)).await.status, 422, "the password of before");
    assert_eq!(
        ask(&mut old, "seven geese crossed silently", &codes[1]).await.status,
        422,
        "an old saved code"
    );
}

/// R13 (part: an account that is not active comes in by no proof it has)
#[tokio::test]
async fn a_link_for_somebody_suspended_brings_nobody_back() {
    let house = House::open().await;
    let (person, _) = theo(&house).await;
    let now = house.keep.clock().now();
    let mut tx = house.keep.begin().await.unwrap();
    let secret =
        enrolments::issue(&mut tx, person, Purpose::Recover, (now, now.plus_ms(MINUTE_MS))).await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![person]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("person", ""))).await.unwrap();
    let (secret, number) = (secret.reveal(), Secret::new(house.keep.entropy()).reveal());
    let mut key = house.keep.blind("login", "code_key", &format!("{} {number}", person.text()));
    key.truncate(20);
    let fresh = rules::code_at(&key, now.0 / 30_000);
    let fields = [
        ("secret", secret.as_str()),
        ("key", number.as_str()),
        ("password", "seven geese crossed silently"),
        ("code", fresh.as_str()),
    ];
    let mut browser = house.browser();
    assert_eq!(browser.submit("/welcome", "/welcome/password", &fields).await.status, 409);
    assert!(browser.cookie("__Host-staff").is_none());
}

#[tokio::test]
async fn nobody_ends_a_session_of_somebody_else_and_the_last_way_in_stays() {
    let house = House::open().await;
    let (person, _) = theo(&house).await;
    let other = house.hire(&[Role::Desk]).await;
    let theirs = house.signed_in(other).await;
    let mut conn = house.keep.read().await.unwrap();
    let row = conn.row("SELECT id FROM session WHERE person = $1", args![other]).await.unwrap().unwrap();
    let foreign = row.text("id").unwrap().to_owned();
    drop(conn);
    let mut mine = house.signed_in(person).await;
    let path = format!("/me/sessions/{foreign}/end");
    assert_eq!(mine.submit("/me", &path, &[]).await.status, 404);
    assert_eq!(theirs.clone().get("/patients").await.status, 200);
    assert_eq!(mine.submit("/me", "/me/password/remove", &[]).await.status, 409, "the last way in");
    let page = mine.get("/me").await.text;
    assert!(!page.contains("/me/password/remove"), "and it is not offered");
}

/// R16: every clause of the password rule, as a person meets it on the pages: length first, the block-list,
/// no kinds of letters, 64 and more, a slow salted hash, no forced change, pasting, a limit on tries, and
/// nowhere a hint or a question.
#[tokio::test]
async fn a_password_is_held_to_its_length_and_to_nothing_that_makes_people_write_it_down() {
    let house = House::open().await;
    let person = house.hire_named(&[Role::Desk], EMAIL).await;
    let mut browser = house.signed_in(person).await;
    let page = browser.get("/me/password").await;
    let key_number = page.text.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let spelled = page.text.split("class=\"key\">").nth(1).unwrap().split('<').next().unwrap();
    let key = unspelled(spelled);
    let mut choose = async |password: &str| {
        let code = rules::code_at(&key, house.keep.clock().now().0 / 30_000);
        let fields = [("password", password), ("code", code.as_str()), ("key", key_number)];
        browser.submit("/me/password", "/me/password", &fields).await
    };
    for (short, why) in [
        ("Sh0rt&Comp1ex!", "15"),
        ("passwordpassword1", "easy to guess"),
        ("theo harbor theo harbor", "easy to guess"),
    ] {
        let refused = choose(short).await;
        assert_eq!(refused.status, 422, "{short}");
        assert!(refused.text.contains(why), "{short}: {}", refused.text);
    }
    // 90 characters, small letters and spaces alone.
    let long = "violet ducks argue about marmalade while nine herons watch the weir and nobody is counting";
    assert!(long.len() > 64 && choose(long).await.status.is_success(), "shown its saved codes");
    let kept = {
        let mut view = house.keep.view(&system(), Object::of("login", "")).await.unwrap();
        proofs::login(&mut view, &system(), person).await.unwrap().unwrap().password.unwrap()
    };
    assert!(kept.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "memory-hard");

    // The same password once more: another salt, another hash.
    let (hasher, entropy) = (Hasher::new(house.keep.entropy()), house.keep.entropy());
    let [one, two] = [hasher.hash(long, entropy).await.ok(), hasher.hash(long, entropy).await.ok()];
    assert!(one.is_some() && one != two, "a salt of its own");

    // Ten years later it still lets in and nothing asks for another one.
    house.clock.advance_ms(3_650 * vocabulary::DAY_MS);
    let code = rules::code_at(&key, house.keep.clock().now().0 / 30_000);
    let mut later = house.browser();
    assert_eq!(enter(&mut later, EMAIL, long, &code).await.location(), "/patients");
    assert_eq!(later.get("/me").await.status, 200);
    let cut = &long[..64];
    let mut stranger = house.browser();
    let mut last = 0;
    for _ in 0..6 {
        last = enter(&mut stranger, EMAIL, cut, "123456").await.status.as_u16();
    }
    assert_eq!(last, 429, "a part of it is wrong, and wrong tries wait");

    let forms = [page.text, house.browser().get("/sign-in").await.text];
    for form in forms {
        let field = form.split("name=\"password\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(field.contains("maxlength=\"256\"") && field.contains("-password\""), "{field}");
        for barred in ["onpaste", "readonly", "pattern=", "autocomplete=\"off\""] {
            assert!(!field.contains(barred), "{barred}: {field}");
        }
        for asked in ["question", "maiden", "hint_", "reminder"] {
            assert!(!form.to_lowercase().contains(&format!("name=\"{asked}")), "{asked}");
        }
    }
}

/// RFC 4648 section 6, back again.
fn unspelled(text: &str) -> Vec<u8> {
    let five = |c: u8| if c.is_ascii_digit() { c - b'2' + 26 } else { c - b'A' };
    let bits: Vec<u8> = text.bytes().flat_map(|c| (0..5).rev().map(move |at| five(c) >> at & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
}
