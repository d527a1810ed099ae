//! New keys for old ones lose nothing, even when cut short; a shredded patient opens nowhere.

use crate::testing::{self, TempFolder};
use crate::tests::{NOTES, body, clinician, patient, system, write};
use crate::*;
use policy::{Access, Act, Facts, decide};
use std::fs;
use std::time::{Duration, Instant};
use vocabulary::{PatientId, Principal};

fn operator(act: Act) -> Access {
    decide(&Principal::System, &Facts::default(), act).unwrap()
}

async fn read(keep: &Keep, row: &str, of: PatientId) -> Result<String, KeepError> {
    let access = clinician(keep.entropy(), of, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("patient", of.text())).await?;
    let found = viewing.row("SELECT version, body FROM note WHERE id = $1", args![row]).await?.unwrap();
    let place = body(row, found.int("version")?, Owner::Patient(of));
    Ok(viewing.unseal_text(&access, &place, found.blob("body")?)?.reveal().to_owned())
}

async fn file_of(keep: &Keep, id: vocabulary::FileId, of: PatientId) -> Result<Vec<u8>, KeepError> {
    let access = clinician(keep.entropy(), of, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("patient", of.text())).await?;
    viewing.file(&access, id).await.map(|bytes| bytes.to_vec())
}

async fn whole(keep: &Keep) -> u64 {
    let deep = trail::verify_deep(keep).await.unwrap();
    assert_eq!((deep.altered, deep.unknown, deep.gone), (vec![], vec![], vec![]));
    deep.whole
}

fn holds(file: &std::path::Path, needle: &[u8]) -> bool {
    fs::read(file).is_ok_and(|bytes| bytes.windows(needle.len()).any(|run| run == needle))
}

/// The wrapped keys as they lie in the file, of one owner or of all.
async fn wrapped(keep: &Keep, owner: &str, purpose: &str) -> Vec<Vec<u8>> {
    keep.vault().wrapped(owner, purpose).await.unwrap()
}

/// R25 (part: keys are replaced while the data stays): the old root key opens nothing afterwards.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how long people wait is measured by a real clock")]
async fn a_new_root_key_opens_the_practice_and_the_old_one_does_not() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let ann = patient(&keep);
    write(&keep, "n1", Owner::Patient(ann), "asthma").await.unwrap();
    let config = temp.config();
    let old = fs::read(&config.root_key).unwrap();
    let before = wrapped(&keep, "practice", "wrap").await;
    let start = Instant::now();
    keep.rotate_root_key(&operator(Act::RotateKeys), "yearly").await.unwrap();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(read(&keep, "n1", ann).await.as_deref(), Ok("asthma"));
    let keys = config.folder.join("keys.db");
    for file in [&keys, &config.folder.join("keys.db-wal")] {
        assert!(!holds(file, &before[0][18..]), "the old wrapping is still in {}", file.display());
    }
    keep.close().await;
    drop(keep);
    let new = fs::read(&config.root_key).unwrap();
    assert_ne!(new, old);
    fs::write(&config.root_key, &old).unwrap();
    let refused = temp.open_at(&config, &[NOTES]).await.err().unwrap().to_string();
    assert!(refused.contains("does not open"), "{refused}");
    fs::write(&config.root_key, &new).unwrap();
    let keep = temp.open(&[NOTES]).await.unwrap();
    assert_eq!(read(&keep, "n1", ann).await.as_deref(), Ok("asthma"));
    assert_eq!(whole(&keep).await, 1);
}

/// Every state the disk can be in while the root key changes, as a crash would leave it.
#[tokio::test]
async fn a_change_of_the_root_key_that_was_cut_short_leaves_a_practice_that_opens() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let ann = patient(&keep);
    write(&keep, "n1", Owner::Patient(ann), "asthma").await.unwrap();
    let (config, next) = (temp.config(), temp.path().join("root.key.next"));
    let old = fs::read(&config.root_key).unwrap();
    // The rename failed, or never came: both wrappings are in the file.
    fs::create_dir(&next).unwrap();
    assert!(keep.rotate_root_key(&operator(Act::RotateKeys), "x").await.is_err());
    fs::remove_dir(&next).unwrap();
    keep.vault().add_root_for_test(&next).await;
    assert_eq!(wrapped(&keep, "practice", "wrap").await.len(), 2);
    keep.close().await;
    drop(keep);
    // Before the rename the old key opens, and what was begun is forgotten.
    let copy = |name: &str| (config.folder.join(name), temp.path().join(name));
    let (kept, copied) = copy("keys.db");
    fs::copy(&kept, &copied).unwrap();
    let keep = temp.open(&[NOTES]).await.unwrap();
    assert_eq!(read(&keep, "n1", ann).await.as_deref(), Ok("asthma"));
    assert_eq!(wrapped(&keep, "practice", "wrap").await.len(), 1);
    keep.close().await;
    drop(keep);
    // After the rename, with the old wrapping still there, the new key opens and the old one no more.
    fs::copy(&copied, &kept).unwrap();
    fs::rename(&next, &config.root_key).unwrap();
    let keep = temp.open(&[NOTES]).await.unwrap();
    assert_eq!(read(&keep, "n1", ann).await.as_deref(), Ok("asthma"));
    assert_eq!(wrapped(&keep, "practice", "wrap").await.len(), 1);
    keep.close().await;
    drop(keep);
    fs::write(&config.root_key, old).unwrap();
    assert!(temp.open(&[NOTES]).await.is_err());
}

#[tokio::test]
async fn a_new_practice_key_wraps_every_key_and_the_old_wrappings_are_gone() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let people: Vec<PatientId> = (0..20).map(|_| patient(&keep)).collect();
    for (n, of) in people.iter().enumerate() {
        write(&keep, &format!("n{n}"), Owner::Patient(*of), "asthma").await.unwrap();
    }
    let before =
        [wrapped(&keep, "practice", "wrap").await, wrapped(&keep, &people[3].text(), "data").await].concat();
    let tag = keep.blind("note", "tag", "x");
    // A data key and a trail key each, and the four keys of the practice.
    assert_eq!(keep.rotate_practice_key(&operator(Act::RotateKeys), "yearly").await, Ok(44));
    let bob = patient(&keep);
    write(&keep, "after", Owner::Patient(bob), "fine").await.unwrap();
    for old in &before {
        for name in ["keys.db", "keys.db-wal"] {
            assert!(!holds(&temp.config().folder.join(name), &old[18..]), "{name}");
        }
    }
    keep.close().await;
    drop(keep);
    let keep = temp.open(&[NOTES]).await.unwrap();
    assert_eq!(read(&keep, "n3", people[3]).await.as_deref(), Ok("asthma"));
    assert_eq!(read(&keep, "after", bob).await.as_deref(), Ok("fine"));
    assert_eq!(keep.blind("note", "tag", "x"), tag);
    assert_eq!(whole(&keep).await, 21);
}

/// Writers, readers and a change of every key at the same time: nobody is refused, nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_keys_change_while_the_house_goes_on() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let people: Vec<PatientId> = (0..30).map(|_| patient(&keep)).collect();
    for (n, of) in people.iter().enumerate() {
        write(&keep, &format!("n{n}"), Owner::Patient(*of), &format!("text {n}")).await.unwrap();
    }
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let load = tokio::spawn({
        let (keep, people, stop) = (keep.clone(), people.clone(), stop.clone());
        async move {
            let mut count = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                let n = count % people.len();
                assert_eq!(read(&keep, &format!("n{n}"), people[n]).await, Ok(format!("text {n}")));
                write(&keep, &format!("more{count}"), Owner::Patient(people[n]), "more").await.unwrap();
                write(&keep, &format!("new{count}"), Owner::Patient(patient(&keep)), "new").await.unwrap();
                count += 1;
            }
            count
        }
    });
    let access = operator(Act::RotateKeys);
    let renewed = keep.renew_data_keys(&access, &keep.data_owners(), "yearly").await.unwrap();
    keep.rotate_practice_key(&access, "yearly").await.unwrap();
    keep.rotate_root_key(&access, "yearly").await.unwrap();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let count = load.await.unwrap() as u64;
    assert!(
        count > 0 && renewed.values >= 30 && renewed.retired >= 31 && renewed.damaged == 0,
        "{renewed:?}"
    );
    assert_eq!(whole(&keep).await, 30 + 2 * count);
    assert_eq!(keep.vault().outdated(), vec![]);
}

#[tokio::test]
async fn a_patients_values_and_files_are_sealed_anew_and_the_old_key_is_gone() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let (ann, bob) = (patient(&keep), patient(&keep));
    for (row, of) in [("n1", ann), ("n2", ann), ("n3", bob)] {
        write(&keep, row, Owner::Patient(of), row).await.unwrap();
    }
    let mut tx = keep.begin().await.unwrap();
    let newer = tx.seal_text(&body("n2", 7, Owner::Patient(ann)), "newer").unwrap();
    tx.run("UPDATE note SET body = $1, version = 7 WHERE id = 'n2'", args![newer]).await.unwrap();
    let file = tx.put_file(Owner::Patient(ann), "scan", b"picture".to_vec()).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("note", "n2"))).await.unwrap();
    let old = wrapped(&keep, &ann.text(), "data").await;
    let of_bob = wrapped(&keep, &bob.text(), "data").await;

    let renewed =
        keep.renew_data_keys(&operator(Act::RotateKeys), &[Owner::Patient(ann)], "lost laptop").await;
    assert_eq!(renewed, Ok(Renewed { owners: 1, values: 3, retired: 1, damaged: 0 }));
    let new = wrapped(&keep, &ann.text(), "data").await;
    assert!(new.len() == 1 && new != old);
    assert_eq!(wrapped(&keep, &bob.text(), "data").await, of_bob);
    assert!(!holds(&temp.config().folder.join("keys.db"), &old[0][18..]));
    keep.close().await;
    drop(keep);
    let keep = temp.open(&[NOTES]).await.unwrap();
    for (row, of, text) in [("n1", ann, "n1"), ("n2", ann, "newer"), ("n3", bob, "n3")] {
        assert_eq!(read(&keep, row, of).await.as_deref(), Ok(text));
    }
    assert_eq!(file_of(&keep, file, ann).await, Ok(b"picture".to_vec()));
    assert_eq!(whole(&keep).await, 4);
}

#[tokio::test]
async fn a_damaged_value_keeps_its_old_key_and_is_counted() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    for row in ["n1", "n2"] {
        write(&keep, row, Owner::Patient(ann), row).await.unwrap();
    }
    let mut tx = keep.begin().await.unwrap();
    let sql = "UPDATE note SET body = substr(body, 1, length(body) - 1) WHERE id = 'n1'";
    tx.run(sql, args![]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("note", "n1"))).await.unwrap();
    let renewed = keep.renew_data_keys(&operator(Act::RotateKeys), &[Owner::Patient(ann)], "x").await;
    assert_eq!(renewed, Ok(Renewed { owners: 1, values: 1, retired: 0, damaged: 1 }));
    assert_eq!(read(&keep, "n2", ann).await.as_deref(), Ok("n2"));
    assert_eq!(wrapped(&keep, &ann.text(), "data").await.len(), 2);
}

/// R34 (part: destroyed keys have a certificate: what, when, by whom, how).
#[tokio::test]
async fn a_shredded_patient_opens_nowhere_and_is_certified() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let (ann, bob) = (patient(&keep), patient(&keep));
    for (row, of) in [("n1", ann), ("n2", bob)] {
        write(&keep, row, Owner::Patient(of), row).await.unwrap();
    }
    let mut tx = keep.begin().await.unwrap();
    let file = tx.put_file(Owner::Patient(ann), "scan", b"picture".to_vec()).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("file", file.text()))).await.unwrap();
    keep.renew_data_keys(&operator(Act::RotateKeys), &[Owner::Patient(ann)], "x").await.unwrap();
    let old = wrapped(&keep, &ann.text(), "data").await;
    let access = operator(Act::ShredKeys);
    let order = Shredding { patient: ann, by: "uid 0", why: "the term\nis over" };
    let certificate = keep.begin().await.unwrap().shred(&access, order).await.unwrap();

    for line in ["by: system (uid 0)", "why: the term is over", "file.file_key 1", "note.body 1"] {
        assert!(certificate.text.contains(line), "{line} in {}", certificate.text);
    }
    for name in ["keys.db", "keys.db-wal", "keys.db-shm", "alcove.db", "alcove.db-wal"] {
        assert!(!holds(&temp.config().folder.join(name), &old[0][18..]), "the key is still in {name}");
    }
    for again in 0..2 {
        assert_eq!(read(&keep, "n1", ann).await, Err(KeepError::Shredded), "{again}");
    }
    assert_eq!(file_of(&keep, file, ann).await, Err(KeepError::Shredded));
    assert_eq!(write(&keep, "n9", Owner::Patient(ann), "new").await, Err(KeepError::Shredded));
    assert_eq!(read(&keep, "n2", bob).await.as_deref(), Ok("n2"));
    assert!(matches!(keep.begin().await.unwrap().shred(&access, order).await, Err(KeepError::Conflict)));
    keep.close().await;
    drop(keep);
    let keep = temp.open(&[NOTES]).await.unwrap();
    assert_eq!(read(&keep, "n1", ann).await, Err(KeepError::Shredded));
    assert_eq!(keep.certificate(ann).await, Ok(Some(certificate)));
    assert_eq!(keep.certificate(bob).await, Ok(None));
    assert_eq!(
        keep.renew_data_keys(&operator(Act::RotateKeys), &[Owner::Patient(ann)], "x").await,
        Ok(Renewed::default())
    );
    // The trail outlives the chart: its bodies still open, and the ciphertexts are what was written.
    assert_eq!(whole(&keep).await, 4);
}

/// The order commits first: a crash before the keys are destroyed is made good at the next start.
#[tokio::test]
async fn an_order_that_was_not_carried_out_is_carried_out_at_the_next_start() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let ann = patient(&keep);
    write(&keep, "n1", Owner::Patient(ann), "n1").await.unwrap();
    for name in ["keys.db", "keys.db-wal"] {
        fs::copy(temp.config().folder.join(name), temp.path().join(name)).unwrap();
    }
    let order = Shredding { patient: ann, by: "uid 0", why: "the term is over" };
    keep.begin().await.unwrap().shred(&operator(Act::ShredKeys), order).await.unwrap();
    keep.close().await;
    drop(keep);
    // As if the program had been killed between the two: the order stands, the keys are still there.
    for name in ["keys.db", "keys.db-wal"] {
        fs::copy(temp.path().join(name), temp.config().folder.join(name)).unwrap();
    }
    store::tests::tamper(&temp.config(), "UPDATE shredding SET done_at = NULL").await;
    let keep = temp.open(&[NOTES]).await.unwrap();
    assert_eq!(read(&keep, "n1", ann).await, Err(KeepError::Shredded));
    assert!(keep.certificate(ann).await.unwrap().is_some());
}
