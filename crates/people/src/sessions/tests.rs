//! Sessions in the store and behind the cookies.

use super::{How, end, is_alive, start_staff};
use crate::testing::{House, system};
use keep::{Entry, Hint, Object, args};
use vocabulary::{HOUR_MS, MINUTE_MS, PersonId, Role};

async fn desk(house: &House) -> PersonId {
    house.hire(&[Role::Desk]).await
}

/// R17 (part: a staff session that nobody uses dies at the set minute, on the server)
#[tokio::test]
async fn an_idle_colleague_is_signed_out_at_the_limit() {
    let house = House::open().await;
    let person = desk(&house).await;
    for (idle_ms, expected) in [(15 * MINUTE_MS - 1, 200), (15 * MINUTE_MS, 303), (15 * MINUTE_MS + 1, 303)] {
        let mut browser = house.signed_in(person).await;
        house.clock.advance_ms(idle_ms);
        assert_eq!(browser.get("/patients").await.status, expected, "after {idle_ms} ms");
    }
}

/// R17 (part: a busy staff session dies at its overall limit, on the server)
#[tokio::test]
async fn a_busy_colleague_is_signed_out_after_the_overall_limit() {
    let house = House::open().await;
    let mut browser = house.signed_in(desk(&house).await).await;
    for _ in 0..71 {
        house.clock.advance_ms(10 * MINUTE_MS);
        assert_eq!(browser.get("/patients").await.status, 200);
    }
    house.clock.advance_ms(10 * MINUTE_MS - 1);
    assert_eq!(browser.get("/patients").await.status, 200, "just before 12 hours");
    house.clock.advance_ms(1);
    let over = browser.get("/patients").await;
    assert!(over.location().starts_with("/sign-in"), "at 12 hours");
}

/// R17 (part: pages that refresh themselves keep nobody signed in, and a page can ask what is left)
#[tokio::test]
async fn what_a_page_does_by_itself_is_no_activity() {
    let house = House::open().await;
    let mut browser = house.signed_in(desk(&house).await).await;
    for minutes in (0..15).rev() {
        let answer = browser.in_background("/still-here").await;
        assert_eq!(answer.text, format!("{{\"left\":{}}}", (minutes + 1) * 60));
        browser.in_background("/patients").await;
        house.clock.advance_ms(MINUTE_MS);
    }
    assert!(browser.in_background("/still-here").await.location().starts_with("/sign-in"));
    let mut browser = house.signed_in(desk(&house).await).await;
    house.clock.advance_ms(14 * MINUTE_MS);
    assert_eq!(browser.get("/still-here").await.text, "{\"left\":900}", "asked by a person");
}

/// R17: an idle session dies at the set time on the server: 15 minutes unless the house says otherwise, an
/// hour whatever it says, a day in any case. Pages warn first, and an open visit keeps its people signed in.
#[tokio::test]
async fn a_session_dies_at_the_time_the_house_has_set_and_never_under_a_live_visit() {
    let house = House::open().await;
    let person = desk(&house).await;
    let set = async |idle_min: i64, overall_h: i64| {
        let mut settings = (*house.keep.settings()).clone();
        (settings.house_rules.staff_idle_min, settings.house_rules.staff_overall_h) = (idle_min, overall_h);
        let mut tx = house.keep.begin().await.unwrap();
        tx.save_settings(&settings).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("settings", ""))).await.unwrap();
    };
    for (set_min, dies_min) in [(15, 15), (5, 5), (45, 45), (600, 60)] {
        set(set_min, 12).await;
        for (idle_ms, alive) in [(dies_min * MINUTE_MS - 1, true), (dies_min * MINUTE_MS, false)] {
            let mut browser = house.signed_in(person).await;
            assert!(browser.get("/patients").await.text.contains("<alcove-idle"), "it warns first");
            house.clock.advance_ms(idle_ms);
            let answer = browser.get("/patients").await;
            assert_eq!(answer.status == 200, alive, "{set_min} minutes, after {idle_ms} ms");
            let copied = browser.cookie("__Host-staff").map(str::to_owned);
            assert!(alive || copied.is_some(), "the server ended it, not the browser");
        }
    }

    // A room's open socket marks its people as active (`touch`): six hours without a page, and still there.
    set(15, 240).await;
    let rules = keep_rules(&house);
    let mut tx = house.keep.begin().await.unwrap();
    let started = start_staff(&mut tx, &rules, person, How::Link).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("session", ""))).await.unwrap();
    let alive = async || {
        let mut conn = house.keep.read().await.unwrap();
        is_alive(&mut conn, &house.keep, started.session, house.keep.clock().now()).await.unwrap()
    };
    for _ in 0..36 {
        house.clock.advance_ms(10 * MINUTE_MS);
        super::touch(&house.keep, &[started.session]).await.unwrap();
    }
    assert!(alive().await, "six hours of a visit");
    for _ in 36..143 {
        house.clock.advance_ms(10 * MINUTE_MS);
        super::touch(&house.keep, &[started.session]).await.unwrap();
    }
    assert!(alive().await);
    house.clock.advance_ms(10 * MINUTE_MS);
    assert!(!alive().await, "24 hours are the most, though the house says 240");
}

#[tokio::test]
async fn activity_is_written_once_a_minute_and_is_no_act() {
    let house = House::open().await;
    let mut browser = house.signed_in(desk(&house).await).await;
    let seen = async || {
        let sql = "SELECT last_seen_at FROM session";
        house.keep.read().await.unwrap().rows(sql, args![]).await.unwrap()[0].int("last_seen_at").unwrap()
    };
    let start = seen().await;
    house.clock.advance_ms(MINUTE_MS - 1);
    for _ in 0..5 {
        browser.get("/patients").await;
    }
    assert_eq!(seen().await, start);
    house.clock.advance_ms(1);
    browser.get("/patients").await;
    assert_eq!(seen().await, start + MINUTE_MS);
    let acts = house.acts(None).await;
    for _ in 0..10 {
        house.clock.advance_ms(MINUTE_MS);
        browser.get("/patients").await;
    }
    assert_eq!(seen().await, start + 11 * MINUTE_MS);
    assert_eq!(house.acts(None).await.len(), acts.len(), "looking at one list for ten minutes is one look");
}

#[tokio::test]
async fn the_sixth_session_of_an_account_ends_the_oldest() {
    let house = House::open().await;
    let person = desk(&house).await;
    let mut browsers = Vec::new();
    for _ in 0..6 {
        browsers.push(house.signed_in(person).await);
        house.clock.advance_ms(1);
    }
    let mut codes = Vec::new();
    for browser in &mut browsers {
        codes.push(browser.get("/patients").await.status.as_u16());
    }
    assert_eq!(codes, [303, 200, 200, 200, 200, 200]);
}

#[tokio::test]
async fn ending_a_session_is_heard_on_the_bus() {
    let house = House::open().await;
    let person = desk(&house).await;
    let rules = house.keep.settings().house_rules.clone();
    let mut tx = house.keep.begin().await.unwrap();
    let started = start_staff(&mut tx, &rules, person, How::Link).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("session", ""))).await.unwrap();
    let mut bus = house.keep.bus().subscribe();
    let mut tx = house.keep.begin().await.unwrap();
    end(&mut tx, started.session).await.unwrap();
    assert!(bus.try_recv().is_err(), "not before the commit");
    tx.commit(&system(), Entry::new(Object::of("session", ""))).await.unwrap();
    assert_eq!(bus.try_recv().unwrap(), Hint::Session(started.session));
    let mut conn = house.keep.read().await.unwrap();
    assert!(!is_alive(&mut conn, &house.keep, started.session, house.keep.clock().now()).await.unwrap());
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let house = House::open().await;
    let mut browser = house.signed_in(desk(&house).await).await;
    let mut copy = browser.clone();
    let out = browser.submit("/patients", "/sign-out", &[]).await;
    assert_eq!(out.location(), "/signed-out");
    assert!(browser.cookie_names().is_empty());
    assert!(
        copy.get("/patients").await.location().starts_with("/sign-in"),
        "a copied cookie is worth nothing"
    );
    assert_eq!(browser.get("/signed-out").await.status, 200);
    assert!(house.acts(None).await.contains(&"session.sign_out done".into()));
}

#[tokio::test]
async fn an_account_that_is_not_active_has_no_session() {
    let house = House::open().await;
    let person = desk(&house).await;
    let mut browser = house.signed_in(person).await;
    let mut tx = house.keep.begin().await.unwrap();
    tx.run("UPDATE person SET state = 'suspended' WHERE id = $1", args![person]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("person", ""))).await.unwrap();
    assert!(browser.get("/patients").await.location().starts_with("/sign-in"));
    let mut tx = house.keep.begin().await.unwrap();
    assert!(start_staff(&mut tx, &keep_rules(&house), person, How::Link).await.is_err());
}

/// R18 (part: 256 bits, opaque, kept by a keyed hash alone)
#[tokio::test]
async fn the_database_holds_no_token() {
    let house = House::open().await;
    let browser = house.signed_in(desk(&house).await).await;
    let token = browser.cookie("__Host-staff").unwrap().to_owned();
    let bits = *vocabulary::Secret::parse(&token).unwrap().bytes();
    let mut conn = house.keep.read().await.unwrap();
    let row = conn.row("SELECT id, token_index FROM session", args![]).await.unwrap().unwrap();
    assert_ne!(row.blob("token_index").unwrap(), bits);
    assert_ne!(row.blob("token_index").unwrap(), token.as_bytes());
    assert_eq!(bits.len() * 8, 256);
}

/// R18 (part: a token counts only in the cookie it was issued in)
#[tokio::test]
async fn a_token_is_worthless_in_another_cookie() {
    let house = House::open().await;
    let mut browser = house.signed_in(desk(&house).await).await;
    let token = browser.cookie("__Host-staff").unwrap().to_owned();
    browser.keep_cookie(&format!("__Host-patient={token}; Path=/"));
    browser.keep_cookie(&format!("__Host-guest-0123456789abcdef={token}; Path=/"));
    assert_eq!(browser.get("/g/0123456789abcdef/who").await.status, 401);
    house.clock.advance_ms(HOUR_MS);
    assert_eq!(browser.get("/patients").await.status, 303);
}

fn keep_rules(house: &House) -> policy::HouseRules {
    house.keep.settings().house_rules.clone()
}
