//! Facts change when the world does, stand beside the answers, and are frozen with the report.

use super::rules::Seen;
use super::{Fact, Observer, Observers, UNKNOWN, World, own, reviews};
use crate::WORDS;
use crate::risk::bank::bank;
use crate::risk::tests as analysis;
use crate::trail::tests::House;
use analysis::{program, sent};
use keep::{Arg, BoxFuture, Entry, Keep, KeepError, Object, Owner, args};
use people::care_team;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use vocabulary::{Clock, DAY_MS, HOUR_MS, PersonId, Role, UnixMillis};
use web::testing::{get, post};

async fn seen(keep: &Keep, observer: &dyn Observer, fact: &'static str) -> Seen {
    let mut conn = keep.read().await.unwrap();
    let now = keep.clock().now();
    observer.look(fact, World { keep, conn: &mut conn, now }).await.unwrap()
}

fn share(part: i64, whole: i64) -> Seen {
    Seen::Share { part, whole }
}

async fn change(keep: &Keep, sql: &'static str, with: Vec<Arg>) {
    let mut tx = keep.begin().await.unwrap();
    tx.run(sql, with).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
}

async fn give_passkey(keep: &Keep, person: PersonId) {
    let sql = "INSERT INTO passkey (id, person, credential_index, record, made_at, version)
               VALUES ($1, $2, $3, $3, 0, 1)";
    let id = person.text();
    change(keep, sql, args![id.as_str(), person, id.as_bytes()]).await;
}

/// Without the marks that keep numbers apart from the script around them.
fn plain(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "").replace("&#34;", "\"").replace("&quot;", "\"")
}

const QUESTION: &str = "/practice/analysis/questions/b07";
const NONE_HAS: &str = "0 of 2 active accounts have a passkey";
const ONE_HAS: &str = "1 of 2 active accounts have a passkey";

/// R48: what the program sees stands beside the declared answer, marked and with its query and time; it
/// follows the world, leaves the answer as it was, and says where the two do not fit.
#[tokio::test]
async fn an_observed_answer_stands_beside_the_declared_one_and_never_in_its_place() {
    let house = analysis::House::open().await;
    let official = house.start().await;
    let empty = plain(&get(&official, QUESTION).await.text);
    for part in ["Observed by Alcove", NONE_HAS, "which proofs each of them has", "Seen on", "("] {
        assert!(empty.contains(part), "{part}: {empty}");
    }
    assert!(!empty.contains("This does not fit") && !empty.contains("value=\"no\" checked"));
    sent(post(&official, QUESTION, &[("choice", "yes"), ("version", "0")]).await);
    let area = "/practice/analysis/areas/technology";
    for path in [QUESTION, area] {
        let page = plain(&get(&official, path).await.text);
        assert!(page.contains("The answer given is \"Yes\". What Alcove sees says \"No\"."), "{page}");
    }
    give_passkey(&house.keep, house.doctor).await;
    let page = plain(&get(&official, QUESTION).await.text);
    assert!(page.contains(ONE_HAS) && page.contains("value=\"yes\" checked"), "{page}");
    assert!(plain(&get(&official, area).await.text).contains(ONE_HAS));
    give_passkey(&house.keep, house.official).await;
    assert!(!get(&official, QUESTION).await.text.contains("This does not fit"));
    let home = plain(&get(&official, "/practice").await.text);
    assert!(home.contains("Questions Alcove sees an answer to"));
    assert!(
        home.contains(&format!("4 of {}", bank().questions.len())),
        "vault, sign-in, accounts, idle times"
    );
}

/// R48 (part: both answers stay in a signed report as they were)
#[tokio::test]
async fn a_signed_report_keeps_what_was_observed_then() {
    let house = analysis::House::open().await;
    let official = house.start().await;
    analysis::fill(&house, &official).await;
    sent(analysis::sign(&official).await);
    give_passkey(&house.keep, house.doctor).await;
    let signed = plain(&get(&official, "/practice/analysis/signed/1").await.text);
    assert!(signed.contains("Observed by Alcove") && signed.contains(NONE_HAS));
    assert!(signed.contains("The answer given is \"Yes\". What Alcove sees says \"No\"."));
    sent(post(&official, "/practice/analysis/start", &[]).await);
    let draft = plain(&get(&official, "/practice/analysis/report").await.text);
    assert!(draft.contains(ONE_HAS) && !draft.contains(NONE_HAS));
}

/// A colleague who was asked one question learns nothing else of the analysis.
#[tokio::test]
async fn a_colleague_who_is_asked_sees_no_observation() {
    let house = analysis::House::open().await;
    let official = house.start().await;
    let asked = [("asked_of", house.doctor.text()), ("version", "0".into())];
    let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sent(post(&official, QUESTION, &asked).await);
    let page = get(&house.as_role(house.doctor, Role::Clinician), "/practice/asked/b07").await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("Observed by Alcove"));
}

#[tokio::test]
async fn sign_ins_and_idle_accounts_are_counted_as_they_are() {
    let house = House::open().await;
    let people = &own::OfPeople;
    assert_eq!(seen(&house.keep, people, "strong-sign-in").await, share(0, 2));
    give_passkey(&house.keep, house.doctor).await;
    assert_eq!(seen(&house.keep, people, "strong-sign-in").await, share(1, 2));
    change(&house.keep, "UPDATE passkey SET removed_at = 1", args![]).await;
    assert_eq!(seen(&house.keep, people, "strong-sign-in").await, share(0, 2));

    assert_eq!(seen(&house.keep, people, "idle-accounts").await, share(2, 2), "new ones are not idle");
    house.clock.advance_ms(91 * DAY_MS);
    assert_eq!(seen(&house.keep, people, "idle-accounts").await, share(0, 2));
    let mut tx = house.keep.begin().await.unwrap();
    let rules = house.keep.settings().house_rules.clone();
    people::sessions::start_staff(&mut tx, &rules, house.doctor, people::sessions::How::Link).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("session", ""))).await.unwrap();
    assert_eq!(seen(&house.keep, people, "idle-accounts").await, share(1, 2));
    let gone = "UPDATE person SET state = 'suspended' WHERE id = $1";
    change(&house.keep, gone, args![house.official]).await;
    assert_eq!(seen(&house.keep, people, "idle-accounts").await, share(1, 1), "who is out is not counted");
}

#[tokio::test]
async fn care_teams_and_emergencies_show_who_was_looked_at_again() {
    let house = House::open().await;
    let people = &own::OfPeople;
    assert_eq!(seen(&house.keep, people, "teams-confirmed").await, share(0, 0));
    let mut tx = house.keep.begin().await.unwrap();
    let far = UnixMillis(i64::MAX);
    care_team::put(&mut tx, house.patient, house.doctor, house.official, far).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("care_team", ""))).await.unwrap();
    assert_eq!(seen(&house.keep, people, "teams-confirmed").await, share(1, 1));
    house.clock.advance_ms(181 * DAY_MS);
    assert_eq!(seen(&house.keep, people, "teams-confirmed").await, share(0, 1));

    let opened = "INSERT INTO break_glass (id, patient, person, reason, opened_at, ends_at)
                  VALUES ('one', $1, $2, $3, $4, $4)";
    let now = house.keep.clock().now();
    change(&house.keep, opened, args![house.patient, house.doctor, &b"x"[..], now]).await;
    assert_eq!(seen(&house.keep, people, "emergencies-reviewed").await, share(0, 0), "still in time");
    house.clock.advance_ms(73 * HOUR_MS);
    assert_eq!(seen(&house.keep, people, "emergencies-reviewed").await, share(0, 1));
    let review = "INSERT INTO break_glass_review (opening, reviewer, outcome, words, at)
                  VALUES ('one', $1, 'justified', $2, $3)";
    change(&house.keep, review, args![house.official, &b"x"[..], now]).await;
    assert_eq!(seen(&house.keep, people, "emergencies-reviewed").await, share(1, 1));
}

#[tokio::test]
async fn a_value_in_the_clear_and_an_old_key_show() {
    let house = House::open().await;
    let Seen::Share { part, whole } = seen(&house.keep, &own::OfKeep, "vault-sealed").await else {
        panic!("a share")
    };
    assert!(part == whole && whole > 3, "{part} of {whole}");
    let name = "UPDATE person SET name = $1 WHERE id = $2";
    change(&house.keep, name, args![&b"Dr. Amara Osei"[..], house.doctor]).await;
    assert_eq!(seen(&house.keep, &own::OfKeep, "vault-sealed").await, share(part - 1, whole));

    house.clock.advance_ms(400 * DAY_MS);
    assert_eq!(seen(&house.keep, &own::OfKeep, "key-age").await, Seen::Days(400));
    house.keep.renew_data_keys(&program(), &[Owner::Practice], "yearly").await.unwrap();
    let left = seen(&house.keep, &own::OfKeep, "key-age").await;
    assert_eq!(left, Seen::Days(400), "a patient's key is as old as before");
    house.keep.renew_data_keys(&program(), &house.keep.data_owners(), "yearly").await.unwrap();
    assert_eq!(seen(&house.keep, &own::OfKeep, "key-age").await, Seen::Days(0));
}

/// R48 (part: reviews that are overdue, and the rules of the house)
#[tokio::test]
async fn unread_months_an_old_inventory_and_long_idle_times_show() {
    let house = House::open().await;
    let own = &own::OfPractice;
    assert_eq!(seen(&house.keep, own, "trail-read").await, share(0, 0), "no month is over");
    assert_eq!(seen(&house.keep, own, "inventory-looked").await, share(0, 0));
    assert_eq!(seen(&house.keep, own, "idle-limit").await, share(2, 2));
    let official = house.official().await;
    let asset = [("kind", "device"), ("name", "Laptop"), ("data", "Names"), ("protection", "Encrypted")];
    sent(post(&official, "/practice/inventory/assets/new", &asset).await);
    assert_eq!(seen(&house.keep, own, "inventory-looked").await, share(1, 1));
    house.clock.advance_ms(30 * DAY_MS);
    assert_eq!(seen(&house.keep, own, "trail-read").await, share(0, 1), "November, and its day is past");
    let found = [("findings", "Nothing stood out.")];
    sent(post(&official, "/practice/trail/reviews/2026-11", &found).await);
    assert_eq!(seen(&house.keep, own, "trail-read").await, share(1, 1));
    house.clock.advance_ms(366 * DAY_MS);
    assert_eq!(seen(&house.keep, own, "inventory-looked").await, share(0, 1));

    let mut settings = (*house.keep.settings()).clone();
    settings.house_rules.staff_idle_min = 60;
    let encrypted = settings.face.origin.starts_with("https://");
    assert_eq!(seen(&house.keep, own, "transport-encrypted").await, share(i64::from(encrypted), 1));
    settings.face.origin = if encrypted { "http://localhost".into() } else { "https://a.example".into() };
    let mut tx = house.keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    assert_eq!(seen(&house.keep, own, "idle-limit").await, share(1, 2));
    assert_eq!(seen(&house.keep, own, "transport-encrypted").await, share(i64::from(!encrypted), 1));
}

/// R48 (part: what must be looked at again by a day, each kind by itself)
#[tokio::test]
async fn what_is_past_its_day_shows_each_kind_by_itself() {
    let (house, clock) = analysis::House::with_clock().await;
    let of = &reviews::OfReviews;
    for fact in of.facts() {
        let nothing = seen(&house.keep, of, fact.name).await;
        assert!(matches!(nothing, Seen::Nothing | Seen::Share { whole: 0, .. }), "{fact:?}: {nothing:?}");
    }
    let official = house.start().await;
    analysis::fill(&house, &official).await;
    sent(analysis::sign(&official).await);
    let desk = house.as_role(house.doctor, Role::Desk);
    assert_eq!(post(&desk, "/incident", &[("kind", "message")]).await.status, 200);
    let evaluation = [
        ("what", "Access lists"),
        ("by", "Ivan Petrov"),
        ("scope", "technical"),
        ("occasion", "change"),
        ("evaluated", "2026-09-01"),
        ("findings", "None"),
        ("next", "2027-03-01"),
    ];
    sent(post(&official, "/practice/evaluations/new", &evaluation).await);
    let specification =
        format!("/practice/safeguards/of/{}", crate::safeguards::lists().specifications[0].id);
    let decided = [("decision", "done"), ("how", "Every laptop is encrypted."), ("seen", "0")];
    sent(post(&official, &specification, &decided).await);
    let pair = [("threat", "eavesdropper"), ("vulnerability", "overheard-room"), ("what", "A thin door")];
    let risk = post(&official, "/practice/risks/new", &pair).await.location().to_owned();
    sent(post(&official, &risk, &[("due", "2026-12-01"), ("version", "1")]).await);

    let now = clock.now();
    let noon = |day: &str| crate::risk::pages::day_of(day, "America/New_York").unwrap().unwrap();
    let mut days = [
        ("incidents-in-time", now.plus_ms(3 * DAY_MS)),
        ("changes-in-time", now.plus_ms(30 * DAY_MS)),
        ("safeguards-in-time", now.plus_ms(365 * DAY_MS)),
        ("risks-in-time", noon("2026-12-01")),
        ("evaluation-in-time", noon("2027-03-01")),
        ("analysis-in-time", noon("2027-10-01")),
    ];
    days.sort_by_key(|(_, day)| day.0);
    for (fact, day) in days {
        clock.set(day);
        assert_eq!(seen(&house.keep, of, fact).await, share(1, 1), "{fact}: the day itself is in time");
        clock.set(day.plus_ms(DAY_MS));
        assert_eq!(seen(&house.keep, of, fact).await, share(0, 1), "{fact}");
    }
}

/// Fails to look until it is healed.
struct Blind(Arc<AtomicBool>);

impl Observer for Blind {
    fn facts(&self) -> &'static [Fact] {
        const { &[Fact::answer("strong-sign-in"), Fact::answer("agreements-active")] }
    }

    fn look<'a>(&'a self, _: &'static str, _: World<'a>) -> BoxFuture<'a, Result<Seen, KeepError>> {
        let sees = self.0.load(Ordering::Relaxed);
        Box::pin(async move { if sees { Ok(share(1, 1)) } else { Err(KeepError::Busy) } })
    }
}

/// R48 (part: a look that failed is no observation), R46 (part: what is frozen says what was observed): the
/// home warns instead of showing a figure, and nothing is signed until everything could be looked at.
#[tokio::test]
async fn a_report_with_a_fact_that_could_not_be_seen_is_not_signed() {
    let house = analysis::House::open().await;
    let sees = Arc::new(AtomicBool::new(false));
    let official = house.official_with(Observers(vec![Box::new(Blind(sees.clone()))]));
    sent(post(&official, "/practice/analysis/start", &[]).await);
    analysis::fill(&house, &official).await;
    let refused = analysis::sign(&official).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("so nothing was signed") && refused.text.contains("Grace Lindqvist"));
    assert_eq!(get(&official, "/practice/analysis/past/1").await.status, 404);
    let warning = "<span>Alcove could not look at this just now";
    let home = get(&official, "/practice").await.text;
    assert_eq!(home.matches(warning).count(), 2, "sign-ins and agreements: {home}");
    sees.store(true, Ordering::Relaxed);
    assert!(!get(&official, "/practice").await.text.contains(warning));
    sent(analysis::sign(&official).await);
    let signed = get(&official, "/practice/analysis/signed/1").await.text;
    assert!(!signed.contains("could not look"), "{signed}");
}

/// Each fact has a look of its own: none falls through to another's, or to nothing.
#[tokio::test]
async fn every_fact_can_be_looked_at() {
    let house = analysis::House::open().await;
    for observer in &Observers::default().0 {
        for fact in observer.facts() {
            seen(&house.keep, &**observer, fact.name).await;
        }
        let mut conn = house.keep.read().await.unwrap();
        let world = World { keep: &house.keep, conn: &mut conn, now: house.keep.clock().now() };
        assert_eq!(observer.look("of-no-name", world).await, Err(UNKNOWN), "{:?}", observer.facts());
    }
}

/// R48 (part: a copy that the program does not see is no answer, whatever is declared)
#[tokio::test]
async fn the_program_says_that_it_sees_no_backup_and_leaves_the_declared_answer_alone() {
    let house = analysis::House::open().await;
    let official = house.start().await;
    for (question, said) in [("b22", "Alcove sees no backup"), ("g04", "Alcove sees no test of a restore")] {
        let page = format!("/practice/analysis/questions/{question}");
        sent(post(&official, &page, &[("choice", "yes"), ("version", "0")]).await);
        let shown = plain(&get(&official, &page).await.text);
        assert!(shown.contains("Observed by Alcove") && shown.contains(said), "{shown}");
        assert!(!shown.contains("This does not fit") && shown.contains("value=\"yes\" checked"), "{shown}");
        assert!(plain(&get(&official, "/practice/analysis/report").await.text).contains(said));
    }
}

#[test]
fn every_fact_has_its_words_and_its_question() {
    let catalog = web::Catalog::new(&[WORDS]).unwrap();
    for fact in Observers::default().0.iter().flat_map(|one| one.facts()) {
        // Of what the program never does there is nothing to count.
        let end = if ["backup-age", "restore-drill"].contains(&fact.name) { "-none" } else { "" };
        assert!(catalog.has(&format!("fact-{}{end}", fact.name)), "{fact:?}");
        assert!(catalog.has(&format!("fact-{}-how", fact.name)), "{fact:?}");
        let asked = |name: &String| name == fact.name;
        assert!(bank().questions.iter().any(|one| one.observed_by.iter().any(asked)), "{fact:?}");
    }
}
