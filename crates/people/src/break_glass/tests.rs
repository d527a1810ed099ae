//! Break-glass on the pages: who may, what it opens, when it is over, who hears of it, who reviews it.

use super::rules::{FIND_TRIES, OPEN_MS, OVERDUE_MS};
use super::{is_open, unreviewed};
use crate::testing::{Browser, CANARY, House};
use keep::args;
use vocabulary::{MINUTE_MS, PatientId, PersonId, Role, UnixMillis};

const WHY: [(&str, &str); 2] = [("reason", "danger"), ("words", "Collapsed at work Quetzalcanary")];

struct Emergency {
    house: House,
    patient: PatientId,
    clinician: PersonId,
    browser: Browser,
}

impl Emergency {
    async fn begin() -> Emergency {
        let house = House::open().await;
        let patient = house.patient().await;
        let clinician = house.hire(&[Role::Clinician]).await;
        let browser = house.signed_in(clinician).await;
        Emergency { house, patient, clinician, browser }
    }

    fn chart(&self) -> String {
        format!("/patients/{}", self.patient.text())
    }

    async fn open(&mut self) {
        let ask = format!("{}/emergency", self.chart());
        let opened = self.browser.submit(&ask, &ask, &WHY).await;
        assert_eq!(opened.location(), self.chart(), "{}", opened.text);
    }

    /// Moves on in steps that keep the session alive.
    async fn wait(&mut self, ms: i64) {
        let mut left = ms;
        while left > 0 {
            let step = left.min(10 * MINUTE_MS);
            self.house.clock.advance_ms(step);
            self.browser.get("/patients").await;
            left -= step;
        }
    }

    async fn only(&self) -> super::Opening {
        let mut conn = self.house.keep.read().await.unwrap();
        let mut all = unreviewed(&mut conn, UnixMillis(i64::MAX)).await.unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

/// R19 (part: the way in): the offer, a reason in words, the chart with a banner, and "end now".
#[tokio::test]
async fn a_stranger_to_the_chart_is_offered_an_emergency_and_reads_it_with_a_reason() {
    let mut it = Emergency::begin().await;
    let closed = it.browser.get(&it.chart()).await;
    assert_eq!(closed.status, 404);
    assert!(closed.text.contains("This chart is not open to you") && !closed.text.contains(CANARY));
    let ask = format!("{}/emergency", it.chart());
    let bare = it.browser.submit(&ask, &ask, &[("reason", "danger"), ("words", "short")]).await;
    assert_eq!(bare.status, 422);
    assert!(bare.text.contains("Write 10 to 1,000 letters."));
    it.open().await;
    let chart = it.browser.get(&it.chart()).await;
    assert!(
        chart.text.contains(&format!("Maria {CANARY}")) && chart.text.contains("30\u{2069} minutes left")
    );
    assert!(
        !chart.text.contains(&format!("blue {CANARY}")),
        "the words that prove our letters are not needed"
    );
    assert_eq!(chart.headers["refresh"], "1801", "the page goes when its time is over");
    let end = format!("{ask}/end");
    let ended = it.browser.submit(&it.chart(), &end, &[]).await;
    assert_eq!(ended.location(), "/patients?done=ended");
    assert_eq!(it.browser.get(&it.chart()).await.status, 404);
    let acts = it.house.acts(Some(it.patient)).await;
    let wanted =
        ["chart.open refused", "chart.break_glass done", "chart.open done", "chart.break_glass_end done"];
    let mut acts = acts.iter();
    assert!(wanted.iter().all(|act| acts.any(|found| found == act)), "in this order: {wanted:?}");
}

/// R19 (part: time-boxed)
#[tokio::test]
async fn after_half_an_hour_the_chart_closes_by_itself() {
    let mut it = Emergency::begin().await;
    it.open().await;
    it.wait(OPEN_MS - 1).await;
    let still = it.browser.get(&it.chart()).await;
    assert!(still.text.contains("1 minute left"), "{}", still.text);
    it.wait(1).await;
    assert_eq!(it.browser.get(&it.chart()).await.status, 404);
    let (mut conn, now) = (it.house.keep.read().await.unwrap(), it.house.keep.clock().now());
    assert!(!is_open(&mut conn, it.patient, it.clinician, now).await.unwrap());
    assert!(is_open(&mut conn, it.patient, it.clinician, now.plus_ms(-1)).await.unwrap());
}

#[tokio::test]
async fn an_emergency_asks_for_a_fresh_proof() {
    let mut it = Emergency::begin().await;
    it.house.clock.advance_ms(6 * MINUTE_MS);
    let ask = format!("{}/emergency", it.chart());
    let answer = it.browser.get(&ask).await;
    assert_eq!(answer.location(), format!("/sign-in/again?back={ask}"));
}

#[tokio::test]
async fn one_chart_opens_to_one_person_and_absent_ones_look_the_same() {
    let mut it = Emergency::begin().await;
    let other = it.house.patient_named("James Whitfield").await;
    it.open().await;
    let foreign = it.browser.get(&format!("/patients/{}", other.text())).await;
    let absent = PatientId::from_bytes([9; 16]).text();
    let nothing = it.browser.get(&format!("/patients/{absent}")).await;
    assert_eq!((foreign.status.as_u16(), nothing.status.as_u16()), (404, 404));
    assert_eq!(foreign.text.replace(&other.text(), ""), nothing.text.replace(&absent, ""));
    let colleague = it.house.hire(&[Role::Clinician]).await;
    let mut colleague = it.house.signed_in(colleague).await;
    assert_eq!(colleague.get(&it.chart()).await.status, 404);
    let ask = format!("/patients/{absent}/emergency");
    assert_eq!(it.browser.submit(&ask, &ask, &WHY).await.status, 404);
    for role in [Role::Desk, Role::Assistant, Role::Administrator, Role::Owner, Role::PrivacyOfficial] {
        let mut other = it.house.signed_in(it.house.hire(&[role]).await).await;
        let ask = format!("{}/emergency", it.chart());
        assert_eq!(other.get(&ask).await.status, 404, "{role:?}");
    }
}

#[tokio::test]
async fn somebody_is_found_by_full_name_and_birth_date_alone() {
    let mut it = Emergency::begin().await;
    let name = format!("maria {}", CANARY.to_lowercase());
    let page = "/patients/emergency";
    let with = |name: &'static str, day: &'static str| {
        [("name", name), ("month", "3"), ("day", day), ("year", "1961"), WHY[0], WHY[1]]
    };
    for (name, day) in [("Maria", "9"), ("Maria Quetzalcanary", "8")] {
        let miss = it.browser.submit(page, page, &with(name, day)).await;
        assert_eq!(miss.status, 422);
        assert!(miss.text.contains("There is nobody with this name and this birth date"));
    }
    let right = [("name", &*name), ("month", "3"), ("day", "9"), ("year", "1961"), WHY[0], WHY[1]];
    assert_eq!(it.browser.submit(page, page, &right).await.location(), it.chart());
    let twin = it.house.patient().await;
    assert_ne!(twin, it.patient);
    let both = it.browser.submit(page, page, &right).await;
    assert!(both.text.contains("There are several people with this name"), "{}", both.status);
    for _ in 3..FIND_TRIES {
        it.browser.submit(page, page, &with("Maria", "9")).await;
    }
    assert_eq!(it.browser.submit(page, page, &with("Maria", "9")).await.status, 429);
}

/// R19 (part: the alert and the after-review by another person)
#[tokio::test]
async fn the_official_hears_of_it_at_once_and_another_person_reviews_it() {
    let mut it = Emergency::begin().await;
    let roles = [Role::PrivacyOfficial];
    let official = it.house.hire_named(&roles, "grace@harbor.example").await;
    it.open().await;
    let mut conn = it.house.keep.read().await.unwrap();
    let letters = conn.rows("SELECT id FROM outbox WHERE state = 'waiting'", args![]).await.unwrap();
    assert_eq!(letters.len(), 1, "in the commit that opened it");
    drop(conn);
    let opening = it.only().await;
    let one = format!("/practice/emergency/{}", opening.id.text());
    let found = [("outcome", "justified"), ("words", "The emergency room called us")];
    let mut grace = it.house.signed_in(official).await;
    assert!(
        grace.get(&one).await.text.contains("You can review it when the time is over"),
        "not before it is over"
    );
    assert_eq!(grace.submit("/me", &one, &found).await.status, 409);
    it.wait(OPEN_MS).await;
    let mut grace = it.house.signed_in(official).await;
    let shown = grace.get(&one).await;
    assert!(
        shown.text.contains("Collapsed at work") && shown.text.contains("Opened a chart in an emergency")
    );
    assert!(shown.text.contains(&format!("Maria {CANARY}")));
    assert_eq!(grace.submit(&one, &one, &found[1..]).await.status, 422);
    assert_eq!(grace.submit(&one, &one, &found).await.location(), "/practice/emergency");
    assert_eq!(grace.submit("/me", &one, &found).await.status, 409, "once");
    assert!(grace.get("/practice/emergency").await.text.contains("Nothing waits for a review"));
    let acts = it.house.acts(Some(it.patient)).await;
    assert!(acts.contains(&"break_glass.review done".into()), "{acts:?}");
}

#[tokio::test]
async fn nobody_reviews_themselves_and_a_review_that_waits_shows() {
    let mut it = Emergency::begin().await;
    let both = it.house.hire(&[Role::Clinician, Role::PrivacyOfficial]).await;
    let security = it.house.hire(&[Role::SecurityOfficial]).await;
    it.browser = it.house.signed_in(both).await;
    it.open().await;
    it.wait(OPEN_MS).await;
    let one = format!("/practice/emergency/{}", it.only().await.id.text());
    let shown = it.browser.get(&one).await;
    assert!(shown.text.contains("Somebody else must review it"));
    let found = [("outcome", "justified"), ("words", "I was right, of course")];
    assert_eq!(it.browser.submit("/me", &one, &found).await.status, 409);
    it.house.clock.advance_ms(OVERDUE_MS);
    let mut security = it.house.signed_in(security).await;
    let list = security.get("/practice/emergency").await;
    assert!(list.text.contains("badge bad") && list.text.contains("Waits for"));
    assert!(
        !list.text.contains(CANARY) && list.text.contains("a patient"),
        "R116: the name is not needed here"
    );
    let read = security.get(&one).await.text;
    assert!(read.contains("Only the privacy official reads the words") && !read.contains("Collapsed"));
}

#[tokio::test]
async fn the_owner_reviews_where_nobody_else_can_and_one_person_alone_reviews_themselves() {
    let mut it = Emergency::begin().await;
    let all = it.house.hire(&[Role::Clinician, Role::PrivacyOfficial, Role::SecurityOfficial]).await;
    it.browser = it.house.signed_in(all).await;
    it.open().await;
    it.wait(OPEN_MS).await;
    let one = format!("/practice/emergency/{}", it.only().await.id.text());
    let found = [("outcome", "justified"), ("words", "It could not have waited")];
    assert!(it.browser.get(&one).await.text.contains("Nobody else here could review this"));
    let mut owner = it.house.signed_in(it.house.hire(&[Role::Owner]).await).await;
    assert!(it.browser.get(&one).await.text.contains("Somebody else must review it"));
    assert_eq!(it.browser.submit("/me", &one, &found).await.status, 409);
    assert_eq!(owner.submit(&one, &one, &found).await.status, 303);
    let another = it.house.hire(&[Role::SecurityOfficial]).await;
    assert_eq!(owner.get(&one).await.status, 404, "an official can, so the owner need not");
    assert!(!owner.get("/practice/emergency").await.text.contains(&one));
    assert_eq!(it.house.signed_in(another).await.get(&one).await.status, 200);
}

#[tokio::test]
async fn the_reason_is_sealed() {
    let mut it = Emergency::begin().await;
    it.open().await;
    let mut conn = it.house.keep.read().await.unwrap();
    let row = conn.row("SELECT reason FROM break_glass", args![]).await.unwrap().unwrap();
    let bytes = row.blob("reason").unwrap();
    assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
    assert!(!bytes.windows(6).any(|part| part == b"danger"));
}
