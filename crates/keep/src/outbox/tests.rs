//! Letters go out once their act has committed, are tried again for a while, and never vanish.

use super::*;
use crate::tests::{patient, system};
use crate::{BoxFuture, testing, trail};
use std::sync::Mutex;
use vocabulary::testing::TestClock;

/// Answers each try with the next of its answers, the last one for ever.
struct Postman {
    answers: Mutex<Vec<Result<(), CarryError>>>,
    carried: Mutex<Vec<String>>,
}

impl Postman {
    fn answering(answers: &[Result<(), CarryError>]) -> Postman {
        Postman { answers: Mutex::new(answers.to_vec()), carried: Mutex::default() }
    }

    fn tries(&self) -> usize {
        self.carried.lock().unwrap().len()
    }
}

impl Carrier for Postman {
    fn carry<'a>(&'a self, _: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        self.carried.lock().unwrap().push(format!("{} {} {}", letter.to, letter.subject, letter.text));
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0] };
        Box::pin(async move { answer })
    }
}

async fn practice_with_a_letter() -> (Keep, Arc<TestClock>) {
    let (keep, clock) = testing::keep(&[]).await;
    let letter = Letter::mail("ann@example.org", "Your visit", "https://example.org/i#secret");
    let letter = letter.of(Owner::Patient(patient(&keep)));
    let mut tx = keep.begin().await.unwrap();
    let due = tx.now().plus_ms(1_000);
    let id = tx.post(letter, due).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("letter", id.text()))).await.unwrap();
    (keep, clock)
}

#[tokio::test]
async fn a_letter_goes_out_once_when_it_is_due() {
    let (keep, clock) = practice_with_a_letter().await;
    let postman = Postman::answering(&[Ok(())]);
    assert_eq!(deliver_due(&keep, &postman).await, Ok(0));
    clock.advance_ms(1_000);
    assert_eq!(deliver_due(&keep, &postman).await, Ok(1));
    clock.advance_ms(HOUR_MS);
    assert_eq!(deliver_due(&keep, &postman).await, Ok(0));
    assert_eq!(*postman.carried.lock().unwrap(), ["ann@example.org Your visit https://example.org/i#secret"]);
    let row =
        keep.read().await.unwrap().row("SELECT state, letter FROM outbox", args![]).await.unwrap().unwrap();
    assert_eq!((row.text("state"), row.blob("letter")), (Ok("sent"), Ok(&[][..])));
    trail::verify(&keep).await.unwrap();
}

#[tokio::test]
async fn a_letter_of_a_dropped_transaction_never_goes_out() {
    let (keep, clock) = testing::keep(&[]).await;
    let mut tx = keep.begin().await.unwrap();
    let now = tx.now();
    tx.post(Letter::sms("+1", "text"), now).await.unwrap();
    drop(tx);
    clock.advance_ms(HOUR_MS);
    let postman = Postman::answering(&[Ok(())]);
    assert_eq!(deliver_due(&keep, &postman).await, Ok(0));
    assert_eq!(postman.tries(), 0);
}

#[tokio::test]
async fn a_letter_is_tried_again_with_growing_pauses_and_then_shown_as_dead() {
    let (keep, clock) = practice_with_a_letter().await;
    let postman = Postman::answering(&[Err(CarryError::Later("no_connection"))]);
    let mut minutes = 0;
    while postman.tries() < TRIES_AT_MOST as usize {
        clock.advance_ms(60_000);
        minutes += 1;
        deliver_due(&keep, &postman).await.unwrap();
        assert!(minutes < 24 * 60, "a letter was forgotten");
    }
    assert!(minutes > 4 * 60, "{minutes} minutes are too short for a mail server's repair");
    clock.advance_ms(24 * HOUR_MS);
    deliver_due(&keep, &postman).await.unwrap();
    assert_eq!(postman.tries(), TRIES_AT_MOST as usize);
    let dead = dead_letters(&mut keep.read().await.unwrap()).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].problem.as_str(), dead[0].tries), ("no_connection", TRIES_AT_MOST));
}

#[tokio::test]
async fn a_letter_refused_for_good_is_not_tried_again() {
    let (keep, clock) = practice_with_a_letter().await;
    clock.advance_ms(1_000);
    let postman = Postman::answering(&[Err(CarryError::Never("no_such_address"))]);
    deliver_due(&keep, &postman).await.unwrap();
    clock.advance_ms(24 * HOUR_MS);
    deliver_due(&keep, &postman).await.unwrap();
    assert_eq!(postman.tries(), 1);
    assert_eq!(dead_letters(&mut keep.read().await.unwrap()).await.unwrap()[0].problem, "no_such_address");
}

#[tokio::test]
async fn the_loop_wakes_when_a_letter_is_posted() {
    let (keep, _) = testing::keep(&[]).await;
    let postman = Arc::new(Postman::answering(&[Ok(())]));
    let running = tokio::spawn(run(keep.clone(), postman.clone()));
    let mut tx = keep.begin().await.unwrap();
    let now = tx.now();
    let id = tx.post(Letter::sms("+1", "text"), now).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("letter", id.text()))).await.unwrap();
    for _ in 0..100 {
        if postman.tries() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    running.abort();
    assert_eq!(postman.tries(), 1);
}

/// A gateway that takes no answer's time for itself: letters posted meanwhile go out.
#[tokio::test]
async fn a_slow_gateway_holds_up_no_letter() {
    #[derive(Default)]
    struct Slow(Mutex<(usize, usize)>);
    impl Carrier for Slow {
        fn carry<'a>(&'a self, _: JobId, letter: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
            Box::pin(async move {
                if letter.channel == Channel::Sms {
                    self.0.lock().unwrap().0 += 1;
                    std::future::pending::<()>().await;
                }
                self.0.lock().unwrap().1 += 1;
                Ok(())
            })
        }
    }
    let (keep, _) = testing::keep(&[]).await;
    let slow = Arc::new(Slow::default());
    let running = tokio::spawn(run(keep.clone(), slow.clone()));
    let post = async |letter: Letter| {
        let mut tx = keep.begin().await.unwrap();
        let now = tx.now();
        let id = tx.post(letter, now).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("letter", id.text()))).await.unwrap();
    };
    let seen = async |wanted: (usize, usize)| {
        for _ in 0..100 {
            if *slow.0.lock().unwrap() == wanted {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    };
    post(Letter::sms("+1", "text")).await;
    assert!(seen((1, 0)).await, "the text is with its gateway");
    post(Letter::mail("ann@example.org", "Your visit", "now")).await;
    assert!(seen((1, 1)).await, "the letter went all the same");
    running.abort();
}

/// The house rule counts when the letter goes, not when it was written: what waits for a patient is given up
/// and shown, and staff are written to all the same.
#[tokio::test]
async fn a_channel_that_is_switched_off_carries_nothing_to_patients() {
    let (keep, clock) = practice_with_a_letter().await;
    let mut settings = (*keep.settings()).clone();
    settings.house_rules.send_mail = false;
    let mut tx = keep.begin().await.unwrap();
    let now = tx.now();
    tx.post(Letter::mail("staff@example.org", "Set up", "link"), now).await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("practice", ""))).await.unwrap();
    clock.advance_ms(1_000);
    let postman = Postman::answering(&[Ok(())]);
    deliver_due(&keep, &postman).await.unwrap();
    assert_eq!(*postman.carried.lock().unwrap(), ["staff@example.org Set up link"]);
    let dead = dead_letters(&mut keep.read().await.unwrap()).await.unwrap();
    assert_eq!(dead.iter().map(|one| one.problem.as_str()).collect::<Vec<_>>(), ["switched_off"]);
}

/// Whose letter waits.
async fn owner(keep: &Keep) -> Owner {
    let sql = "SELECT owner FROM outbox";
    let first = keep.read().await.unwrap().row(sql, args![]).await.unwrap().unwrap();
    first.parsed("owner", Owner::parse).unwrap()
}

/// After an outage one patient's letters go out in the order in which they were written, also where the newer
/// ones were due while nobody was there: they wait behind the older one, whose pauses begin anew with each.
#[tokio::test]
async fn after_an_outage_letters_go_out_in_the_order_in_which_they_were_written() {
    let (keep, clock) = practice_with_a_letter().await;
    let owner = owner(&keep).await;
    let down = Postman::answering(&[Err(CarryError::Later(NO_CONNECTION))]);
    for _ in 0..90 {
        clock.advance_ms(60_000);
        deliver_due(&keep, &down).await.unwrap();
    }
    for subject in ["Moved", "Cancelled"] {
        let mut tx = keep.begin().await.unwrap();
        let now = tx.now();
        let id = tx.post(Letter::mail("ann@example.org", subject, "text").of(owner), now).await.unwrap();
        tx.commit(&system(), Entry::new(Object::of("letter", id.text()))).await.unwrap();
        clock.advance_ms(1);
    }
    let probed = down.tries();
    assert_eq!(deliver_due(&keep, &down).await, Ok(0));
    assert_eq!(down.tries(), probed + 1, "the oldest alone");
    clock.advance_ms(60_000);
    let postman = Postman::answering(&[Ok(())]);
    assert_eq!(deliver_due(&keep, &postman).await, Ok(3), "the oldest was due again within a minute");
    let carried = postman.carried.lock().unwrap().clone();
    let at = |subject: &str| carried.iter().position(|letter| letter.contains(subject)).unwrap();
    assert!(at("Your visit") < at("Moved") && at("Moved") < at("Cancelled"), "{carried:?}");
    trail::verify(&keep).await.unwrap();
}

/// Nobody is there, and while it finds that out somebody writes to the same patient.
struct Meanwhile {
    keep: Keep,
    owner: Owner,
}

impl Carrier for Meanwhile {
    fn carry<'a>(&'a self, _: JobId, _: &'a Letter) -> BoxFuture<'a, Result<(), CarryError>> {
        Box::pin(async move {
            let mut tx = self.keep.begin().await.unwrap();
            let now = tx.now();
            let letter = Letter::mail("ann@example.org", "Moved", "text").of(self.owner);
            let id = tx.post(letter, now).await.unwrap();
            tx.commit(&system(), Entry::new(Object::of("letter", id.text()))).await.unwrap();
            Err(CarryError::Later(NO_CONNECTION))
        })
    }
}

/// A newer letter that is written while the older one is under way makes that one begin anew all the same: it
/// is neither put off by its old pause nor given up, and both go out, in their order, as soon as somebody is
/// there.
#[tokio::test]
async fn a_letter_begins_anew_while_it_is_under_way() {
    for tried in [7, TRIES_AT_MOST as usize - 1] {
        let (keep, clock) = practice_with_a_letter().await;
        let down = Postman::answering(&[Err(CarryError::Later(NO_CONNECTION))]);
        while down.tries() < tried {
            clock.advance_ms(60_000);
            deliver_due(&keep, &down).await.unwrap();
        }
        clock.advance_ms(HOUR_MS);
        let meanwhile = Meanwhile { keep: keep.clone(), owner: owner(&keep).await };
        round_once(&keep, &meanwhile).await;
        let dead = dead_letters(&mut keep.read().await.unwrap()).await.unwrap();
        assert!(dead.is_empty(), "after {tried} tries: {dead:?}");
        clock.advance_ms(60_000);
        let postman = Postman::answering(&[Ok(())]);
        assert_eq!(deliver_due(&keep, &postman).await, Ok(2), "after {tried} tries");
        let carried = postman.carried.lock().unwrap().clone();
        assert!(carried[0].contains("Your visit") && carried[1].contains("Moved"), "{carried:?}");
    }
}

/// One try of the letter that is due, and no more: each try of this carrier writes another letter.
async fn round_once(keep: &Keep, carrier: &dyn Carrier) {
    let now = keep.clock().now();
    let sql = "SELECT id, owner, letter, attempts FROM outbox WHERE due_at <= $1";
    let row = keep.read().await.unwrap().row(sql, args![now]).await.unwrap().unwrap();
    assert_eq!(deliver(keep, carrier, (&row, Channel::Mail)).await, Ok(false));
}

/// What was read as due and begins anew before its try is counted is left to the next look: the round goes on
/// with the others.
#[tokio::test]
async fn a_letter_that_began_anew_since_it_was_read_stops_no_round() {
    let (keep, clock) = practice_with_a_letter().await;
    clock.advance_ms(1_000);
    let sql = "SELECT id, owner, letter, attempts FROM outbox";
    let row = keep.read().await.unwrap().row(sql, args![]).await.unwrap().unwrap();
    let mut tx = keep.begin().await.unwrap();
    tx.run("UPDATE outbox SET attempts = 3", args![]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("letter", ""))).await.unwrap();
    let postman = Postman::answering(&[Ok(())]);
    assert_eq!(deliver(&keep, &postman, (&row, Channel::Mail)).await, Ok(false));
    assert_eq!(postman.tries(), 0);
    assert_eq!(deliver_due(&keep, &postman).await, Ok(1));
}
