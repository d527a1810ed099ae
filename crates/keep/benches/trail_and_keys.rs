//! What it costs: a trail of a million entries, and the keys of 50,000 patients. `cargo bench -p keep` prints
//! the times and holds them against what is promised; it takes some minutes and 1 GB of disk. With the
//! address of a Postgres server in `ALCOVE_TEST_DATABASE` the records stand there, in a schema of their own.

#![expect(clippy::disallowed_methods, reason = "measuring is the one thing here that needs a real clock")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]

use keep::testing::TempFolder;
use keep::{Entry, Keep, Object, Owner, Place, Schema, Step, args, trail};
use policy::{Access, Act, Facts, decide};
use std::time::{Duration, Instant};
use vocabulary::{PatientId, Principal};

const ENTRIES: usize = 1_000_000;
const IN_ONE: usize = 500;
const PATIENTS: usize = 50_000;

const NOTES: Schema = Schema {
    owner: "notes",
    steps: &[Step {
        number: 1,
        name: "first",
        sql: "CREATE TABLE note (
                id TEXT PRIMARY KEY, -- plain: random id
                version BIGINT NOT NULL, -- plain: optimistic version
                body BYTEA NOT NULL -- sealed: what was written
              );",
    }],
};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    tell_engine();
    a_million_entries_verify_within_twenty_seconds().await;
    the_keys_of_fifty_thousand_patients_change_within_thirty_seconds().await;
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn tell_engine() {
    let engine = if TempFolder::new().config().database.is_some() { "Postgres" } else { "SQLite" };
    println!("trail and keys on {engine}");
}

fn may(act: Act) -> Access {
    decide(&Principal::System, &Facts::default(), act).unwrap()
}

fn patient(keep: &Keep) -> PatientId {
    PatientId::new(keep.clock().now(), keep.entropy())
}

fn body<'a>(row: &'a str, version: i64, owner: Owner) -> Place<'a> {
    Place { table: "note", column: "body", row, version, owner }
}

#[expect(clippy::print_stdout, reason = "a bench tells what it measured")]
fn say(what: &str, took: Duration) {
    println!("\nmeasured {what}: {:.2} s", took.as_secs_f64());
}

async fn measured<T>(what: &str, work: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let done = work.await;
    say(what, start.elapsed());
    (done, start.elapsed())
}

async fn a_million_entries_verify_within_twenty_seconds() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let people: Vec<PatientId> = (0..200).map(|_| patient(&keep)).collect();
    let write = async {
        for round in 0..ENTRIES / IN_ONE {
            let mut tx = keep.begin().await.unwrap();
            for n in 0..IN_ONE / 5 {
                let row = format!("{round}-{n}");
                let of = Owner::Patient(people[n % people.len()]);
                let sealed = tx.seal_text(&body(&row, 1, of), "cough for two weeks, worse at night").unwrap();
                let sql = "INSERT INTO note (id, version, body) VALUES ($1, 1, $2)";
                tx.run(sql, args![row, sealed]).await.unwrap();
            }
            for n in 1..IN_ONE {
                let of = people[(round + n) % people.len()];
                tx.note(
                    &may(Act::Furnish),
                    Entry::new(Object::of("note", format!("{round}-{n}")).patient(of)),
                );
            }
            tx.commit(&may(Act::Furnish), Entry::new(Object::of("note", "round"))).await.unwrap();
        }
    };
    measured("writing 1,000,000 entries and 200,000 values", write).await;
    let (plain, took) = measured("trail verify, 1,000,000 entries", trail::verify(&keep)).await;
    assert_eq!(plain.unwrap().size, ENTRIES as u64);
    assert!(took < Duration::from_secs(20), "{took:?}");
    let (deep, took) = measured("trail verify --deep, 200,000 values", trail::verify_deep(&keep)).await;
    let deep = deep.unwrap();
    assert_eq!((deep.whole, deep.altered.len(), deep.unknown.len(), deep.gone.len()), (200_000, 0, 0, 0));
    assert!(took < Duration::from_secs(40), "{took:?}");
    let access = may(Act::ExportTrail);
    measured("trail prove", trail::prove(&keep, &access, 123_456)).await.0.unwrap();
}

async fn the_keys_of_fifty_thousand_patients_change_within_thirty_seconds() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    for round in 0..PATIENTS / IN_ONE {
        let mut tx = keep.begin().await.unwrap();
        for n in 0..IN_ONE {
            let of = patient(&keep);
            let row = format!("{round}-{n}");
            let sealed = tx.seal_text(&body(&row, 1, Owner::Patient(of)), "text").unwrap();
            let sql = "INSERT INTO note (id, version, body) VALUES ($1, 1, $2)";
            tx.run(sql, args![row, sealed]).await.unwrap();
            tx.note(&may(Act::Furnish), Entry::new(Object::of("note", "x").patient(of)));
        }
        tx.commit(&may(Act::Furnish), Entry::new(Object::of("note", "round"))).await.unwrap();
    }
    let access = may(Act::RotateKeys);
    // While it runs, somebody who needs no new key writes on, and the slowest write is told.
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let others = tokio::spawn({
        let (keep, stop) = (keep.clone(), stop.clone());
        async move {
            let mut slowest = Duration::ZERO;
            for n in 0.. {
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                let start = Instant::now();
                let mut tx = keep.begin().await.unwrap();
                let row = format!("other{n}");
                let sealed = tx.seal_text(&body(&row, 1, Owner::Practice), "text").unwrap();
                let sql = "INSERT INTO note (id, version, body) VALUES ($1, 1, $2)";
                tx.run(sql, args![row, sealed]).await.unwrap();
                tx.commit(&may(Act::Furnish), Entry::new(Object::of("note", "x"))).await.unwrap();
                slowest = slowest.max(start.elapsed());
            }
            slowest
        }
    });
    let (_, took) = measured("rotate --root", keep.rotate_root_key(&access, "x")).await;
    assert!(took < Duration::from_secs(1), "{took:?}");
    let (wrapped, took) =
        measured("rotate --practice, 100,004 keys", keep.rotate_practice_key(&access, "x")).await;
    assert_eq!(wrapped, Ok(2 * PATIENTS as u64 + 4));
    assert!(took < Duration::from_secs(30), "{took:?}");
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    say("the slowest write meanwhile", others.await.unwrap());
    let some: Vec<Owner> = keep.data_owners().into_iter().take(1_001).collect();
    let (done, _) =
        measured("rotate --data, 1,000 patients", keep.renew_data_keys(&access, &some, "x")).await;
    assert_eq!(done.unwrap().damaged, 0);
    keep.close().await;
    drop(keep);
    let (opened, _) = measured("opening a practice of 50,000 patients", temp.open(&[NOTES])).await;
    opened.unwrap();
}
