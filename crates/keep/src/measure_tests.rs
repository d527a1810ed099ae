//! What it costs: a trail of a million entries, and the keys of 50,000 patients. Ignored in the test run; say
//! `cargo xtask measure keep`. Times are printed, and held against what is promised.

#![expect(clippy::disallowed_methods, reason = "measuring is the one thing here that needs a real clock")]

use crate::testing::TempFolder;
use crate::tests::{NOTES, body, system, write};
use crate::*;
use policy::{Act, Facts, decide};
use std::time::{Duration, Instant};
use vocabulary::{PatientId, Principal};

const ENTRIES: usize = 1_000_000;
const IN_ONE: usize = 500;
const PATIENTS: usize = 50_000;

fn say(what: &str, took: Duration) {
    use std::io::Write;
    writeln!(std::io::stdout(), "\nmeasured {what}: {:.2} s", took.as_secs_f64()).unwrap();
}

async fn measured<T>(what: &str, work: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let done = work.await;
    say(what, start.elapsed());
    (done, start.elapsed())
}

#[ignore = "a minute and 1 GB: cargo xtask measure keep"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_million_entries_verify_within_twenty_seconds() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let people: Vec<PatientId> = (0..200).map(|_| tests::patient(&keep)).collect();
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
                tx.note(&system(), Entry::new(Object::of("note", format!("{round}-{n}")).patient(of)));
            }
            tx.commit(&system(), Entry::new(Object::of("note", "round"))).await.unwrap();
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
    let may = decide(&Principal::System, &Facts::default(), Act::ExportTrail).unwrap();
    measured("trail prove", trail::prove(&keep, &may, 123_456)).await.0.unwrap();
}

#[ignore = "a minute: cargo xtask measure keep"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_of_fifty_thousand_patients_change_within_thirty_seconds() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    for round in 0..PATIENTS / IN_ONE {
        let mut tx = keep.begin().await.unwrap();
        for n in 0..IN_ONE {
            let of = tests::patient(&keep);
            let row = format!("{round}-{n}");
            let sealed = tx.seal_text(&body(&row, 1, Owner::Patient(of)), "text").unwrap();
            let sql = "INSERT INTO note (id, version, body) VALUES ($1, 1, $2)";
            tx.run(sql, args![row, sealed]).await.unwrap();
            tx.note(&system(), Entry::new(Object::of("note", "x").patient(of)));
        }
        tx.commit(&system(), Entry::new(Object::of("note", "round"))).await.unwrap();
    }
    let may = decide(&Principal::System, &Facts::default(), Act::RotateKeys).unwrap();
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
                write(&keep, &format!("other{n}"), Owner::Practice, "text").await.unwrap();
                slowest = slowest.max(start.elapsed());
            }
            slowest
        }
    });
    let (_, took) = measured("rotate --root", keep.rotate_root_key(&may, "x")).await;
    assert!(took < Duration::from_secs(1), "{took:?}");
    let (wrapped, took) =
        measured("rotate --practice, 100,004 keys", keep.rotate_practice_key(&may, "x")).await;
    assert_eq!(wrapped, Ok(2 * PATIENTS as u64 + 4));
    assert!(took < Duration::from_secs(30), "{took:?}");
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    say("the slowest write meanwhile", others.await.unwrap());
    let some: Vec<Owner> = keep.data_owners().into_iter().take(1_001).collect();
    let (done, _) = measured("rotate --data, 1,000 patients", keep.renew_data_keys(&may, &some, "x")).await;
    assert_eq!(done.unwrap().damaged, 0);
    keep.close().await;
    drop(keep);
    let (opened, _) = measured("opening a practice of 50,000 patients", temp.open(&[NOTES])).await;
    opened.unwrap();
}
