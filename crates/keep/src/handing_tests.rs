//! What was sealed for one patient opens for the other afterwards, whole or not at all.

use crate::testing::{self, TempFolder};
use crate::tests::{body, clinician, patient, system};
use crate::*;
use policy::Act;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{FileId, PatientId};

/// A table that says whose its rows are, and one that leaves it to the key.
const SHEETS: Schema = Schema {
    owner: "sheets",
    steps: &[Step {
        number: 1,
        name: "first",
        sql: "CREATE TABLE sheet (
                id TEXT PRIMARY KEY, -- plain: random id
                patient TEXT NOT NULL, -- plain: whose
                words BYTEA -- sealed: what was written, as long as the chart
              );
              CREATE TABLE note (
                id TEXT PRIMARY KEY, -- plain: random id
                version BIGINT NOT NULL, -- plain: optimistic version
                body BYTEA NOT NULL -- sealed: what was written, as long as the chart
              );",
    }],
};

fn sheet(row: &str, owner: PatientId) -> Place<'_> {
    Place { table: "sheet", column: "words", row, version: 1, owner: Owner::Patient(owner) }
}

async fn write(keep: &Keep, of: PatientId, name: &str) -> FileId {
    let mut tx = keep.begin().await.unwrap();
    let words = tx.seal_text(&sheet(name, of), name).unwrap();
    tx.run("INSERT INTO sheet (id, patient, words) VALUES ($1, $2, $3)", args![name, of, words])
        .await
        .unwrap();
    let bare = format!("{name} bare");
    tx.run("INSERT INTO sheet (id, patient) VALUES ($1, $2)", args![&bare, of]).await.unwrap();
    // Sealed for its third version: the row itself says so.
    let note = tx.seal_text(&body(name, 3, Owner::Patient(of)), name).unwrap();
    tx.run("INSERT INTO note (id, version, body) VALUES ($1, 3, $2)", args![name, note]).await.unwrap();
    let file = tx.put_file(Owner::Patient(of), "scan", name.as_bytes().to_vec()).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("sheet", name).patient(of))).await.unwrap();
    file
}

async fn reads(keep: &Keep, of: PatientId, name: &str, file: FileId) -> Result<(), KeepError> {
    let access = clinician(keep.entropy(), of, Act::OpenChart);
    let mut view = keep.view(&access, Object::of("patient", of.text())).await?;
    let row = view.row("SELECT words FROM sheet WHERE id = $1 AND patient = $2", args![name, of]).await?;
    let row = row.ok_or(KeepError::NotFound)?;
    assert_eq!(view.unseal_text(&access, &sheet(name, of), row.blob("words")?)?.reveal(), name);
    let row = view.row("SELECT body FROM note WHERE id = $1", args![name]).await?.unwrap();
    view.unseal_text(&access, &body(name, 3, Owner::Patient(of)), row.blob("body")?)?;
    assert_eq!(&**view.file(&access, file).await?, name.as_bytes());
    Ok(())
}

async fn hand(keep: &Keep, pair: (PatientId, PatientId), which: Which<'_>) -> Vec<Handed> {
    let mut tx = keep.begin().await.unwrap();
    let handed = tx.hand_over(pair, which).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("merge", "").patient(pair.1))).await.unwrap();
    handed
}

async fn whole(keep: &Keep) {
    let deep = trail::verify_deep(keep).await.unwrap();
    assert_eq!((deep.altered, deep.unknown, deep.gone), (vec![], vec![], vec![]));
}

#[tokio::test]
async fn what_was_one_patients_is_the_others_and_comes_back() {
    let (keep, _) = testing::keep(&[SHEETS]).await;
    let (ann, bob) = (patient(&keep), patient(&keep));
    let anns = write(&keep, ann, "of ann").await;
    let bobs = write(&keep, bob, "of bob").await;
    let mut tx = keep.begin().await.unwrap();
    tx.hand_over((ann, bob), Which::AllBut(&[])).await.unwrap();
    drop(tx);
    reads(&keep, ann, "of ann", anns).await.unwrap();
    let handed = hand(&keep, (ann, bob), Which::AllBut(&[])).await;
    let mut names: Vec<String> = handed.iter().map(|one| format!("{} {}", one.table, one.row)).collect();
    names.retain(|name| !name.starts_with("file"));
    assert_eq!(names, ["sheet of ann", "sheet of ann bare", "note of ann"]);
    reads(&keep, bob, "of ann", anns).await.unwrap();
    reads(&keep, bob, "of bob", bobs).await.unwrap();
    assert!(reads(&keep, ann, "of ann", anns).await.is_err(), "it is not in two places");
    whole(&keep).await;
    let back = hand(&keep, (bob, ann), Which::These(&handed)).await;
    assert_eq!(back.len(), handed.len());
    reads(&keep, ann, "of ann", anns).await.unwrap();
    reads(&keep, bob, "of bob", bobs).await.unwrap();
    whole(&keep).await;
}

#[tokio::test]
async fn a_table_can_stay_behind_and_a_damaged_value_stops_everything() {
    let (keep, _) = testing::keep(&[SHEETS]).await;
    let (ann, bob) = (patient(&keep), patient(&keep));
    write(&keep, ann, "of ann").await;
    let mut tx = keep.begin().await.unwrap();
    let handed = tx.hand_over((ann, bob), Which::AllBut(&["sheet", "file"])).await.unwrap();
    assert_eq!(handed.len(), 1);
    drop(tx);
    let mut tx = keep.begin().await.unwrap();
    let row = tx.row("SELECT words FROM sheet WHERE id = 'of ann'", args![]).await.unwrap().unwrap();
    let mut words = row.blob("words").unwrap().to_vec();
    *words.last_mut().unwrap() ^= 1;
    tx.run("UPDATE sheet SET words = $1 WHERE id = 'of ann'", args![words]).await.unwrap();
    assert!(tx.hand_over((ann, bob), Which::AllBut(&[])).await.is_err());
}

fn pair() -> (PatientId, PatientId) {
    (PatientId::from_bytes([1; 16]), PatientId::from_bytes([2; 16]))
}

const SHEETS_EACH: usize = 10;

/// What holds of SQLite's files alone: the child opens the same folder.
mod in_files {
    use super::*;

    const FOLDER: &str = "ALCOVE_TEST_HANDING_FOLDER";
    const ROUNDS: u64 = 6;

    /// Killed at any moment, each sheet is one patient's alone, opens, and the trail knows its bytes.
    #[test]
    fn a_hand_over_that_is_killed_has_happened_or_has_not() {
        let temp = TempFolder::new();
        vault::create_root(&temp.config().root_key, &TestEntropy::seeded(1)).unwrap();
        for round in 0..ROUNDS {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "handing_tests::in_files::a_child_hands_over_until_it_is_killed",
                    "--nocapture",
                ])
                .env(FOLDER, temp.config().folder)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
            let mut handed = 0;
            while handed < round % 4 + 1 {
                handed +=
                    u64::from(lines.next().expect("it goes on until it is killed").starts_with("handed"));
            }
            std::thread::sleep(std::time::Duration::from_millis(round * 7919 % 17));
            child.kill().unwrap();
            child.wait().unwrap();
            check(&temp);
        }
    }

    /// Does nothing unless the test above started it.
    #[test]
    fn a_child_hands_over_until_it_is_killed() {
        let Some(folder) = std::env::var_os(FOLDER).map(std::path::PathBuf::from) else { return };
        let root_key = folder.parent().unwrap().join("root.key");
        let config = Config { folder, root_key, database: None };
        let (ann, bob) = pair();
        tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
            let (clock, entropy) =
                (Arc::new(TestClock::at(testing::START)), Arc::new(TestEntropy::seeded(9)));
            let keep = Keep::open(&config, &[SHEETS], clock, entropy).await.unwrap();
            let empty =
                keep.read().await.unwrap().rows("SELECT id FROM sheet", args![]).await.unwrap().is_empty();
            for n in (0..SHEETS_EACH).filter(|_| empty) {
                write(&keep, ann, &format!("sheet {n}")).await;
            }
            loop {
                for pair in [(ann, bob), (bob, ann)] {
                    hand(&keep, pair, Which::AllBut(&[])).await;
                    writeln!(std::io::stdout(), "\nhanded").unwrap();
                }
            }
        });
    }

    #[tokio::main(flavor = "current_thread")]
    async fn check(temp: &TempFolder) {
        let keep = temp.open_at(&temp.config(), &[SHEETS]).await.unwrap();
        whole(&keep).await;
        let rows =
            keep.read().await.unwrap().rows("SELECT id, patient, words FROM sheet", args![]).await.unwrap();
        let owners: Vec<&str> = rows.iter().map(|row| row.text("patient").unwrap()).collect();
        assert!(owners.windows(2).all(|two| two[0] == two[1]), "all or nothing");
        let of = PatientId::parse(owners[0]).unwrap();
        let access = clinician(keep.entropy(), of, Act::OpenChart);
        let view = keep.view(&access, Object::of("patient", of.text())).await.unwrap();
        for row in &rows {
            if let Some(words) = row.opt_blob("words").unwrap() {
                view.unseal(&access, &sheet(row.text("id").unwrap(), of), words).unwrap();
            }
        }
        drop(view);
        keep.close().await;
    }
}
