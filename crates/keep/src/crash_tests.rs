//! Killing the program at any moment (SIGKILL, so nothing is tidied up): what it had said was kept is there,
//! whole, opens, and the trail verifies. The program under test is this test binary, started again as a
//! child.

use crate::testing::TempFolder;
use crate::tests::{NOTES, body, clinician, system};
use crate::{Config, Entry, Keep, Object, Owner, args, trail};
use policy::Act;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{Entropy, PatientId};

const FOLDER: &str = "ALCOVE_TEST_CRASH_FOLDER";
const ROUND: &str = "ALCOVE_TEST_CRASH_ROUND";
const ROUNDS: u64 = 6;

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let temp = TempFolder::new();
    crate::vault::create_root(&temp.config().root_key, &TestEntropy::seeded(1)).unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash_tests::a_child_writes_until_it_is_killed", "--nocapture"])
            .env(FOLDER, temp.config().folder)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // Each round is killed after another number of commits, in the middle of the next.
        let wanted = acknowledged.len() + 1 + usize::try_from(round).unwrap() * 3;
        while acknowledged.len() < wanted {
            let line = lines.next().expect("the child goes on until it is killed");
            acknowledged.extend(line.strip_prefix("kept ").map(str::to_owned));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(lines.filter_map(|line| line.strip_prefix("kept ").map(str::to_owned)));
        check(&temp, &acknowledged, round);
    }
}

/// Does nothing unless the test above started it.
#[test]
fn a_child_writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(std::path::PathBuf::from) else { return };
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let root_key = folder.parent().unwrap().join("root.key");
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let entropy = Arc::new(TestEntropy::seeded((round + 2) << 40));
        let clock = Arc::new(TestClock::at(crate::testing::START));
        let keep = Keep::open(&Config { folder, root_key }, &[NOTES], clock, entropy.clone()).await.unwrap();
        loop {
            let ann = PatientId::new(keep.clock().now(), keep.entropy());
            let mut unique = [0; 8];
            entropy.fill(&mut unique);
            let row = format!("{} {}", ann.text(), u64::from_be_bytes(unique));
            let mut tx = keep.begin().await.unwrap();
            let sealed = tx.seal_text(&body(&row, 1, Owner::Patient(ann)), &row).unwrap();
            let sql = "INSERT INTO note (id, version, body) VALUES ($1, 1, $2)";
            tx.run(sql, args![&row, sealed]).await.unwrap();
            tx.put_file(Owner::Patient(ann), "scan", row.clone().into_bytes()).await.unwrap();
            tx.commit(&system(), Entry::new(Object::of("note", &row).patient(ann))).await.unwrap();
            writeln!(std::io::stdout(), "\nkept {row}").unwrap();
        }
    });
}

#[tokio::main(flavor = "current_thread")]
async fn check(temp: &TempFolder, acknowledged: &[String], round: u64) {
    let keep = temp.open_at(&temp.config(), &[NOTES]).await.unwrap();
    let deep = trail::verify_deep(&keep).await.unwrap();
    assert_eq!((deep.altered, deep.unknown, deep.gone), (vec![], vec![], vec![]), "round {round}");
    let rows = keep.read().await.unwrap().rows("SELECT id, body FROM note", args![]).await.unwrap();
    let files = keep.read().await.unwrap().rows("SELECT id, owner FROM file", args![]).await.unwrap();
    assert_eq!(rows.len(), files.len());
    assert_eq!(deep.whole as usize, rows.len() * 2);
    for row in acknowledged {
        let found = rows.iter().find(|found| found.text("id") == Ok(row));
        let found = found.unwrap_or_else(|| panic!("round {round} lost an acknowledged commit"));
        let ann = PatientId::parse(row.split(' ').next().unwrap()).unwrap();
        let access = clinician(keep.entropy(), ann, Act::OpenChart);
        let mut viewing = keep.view(&access, Object::of("patient", ann.text())).await.unwrap();
        let place = body(row, 1, Owner::Patient(ann));
        let text = viewing.unseal_text(&access, &place, found.blob("body").unwrap()).unwrap();
        assert_eq!(text.reveal(), row);
        let file = files.iter().find(|file| file.text("owner") == Ok(&ann.text())).unwrap();
        let id = file.parsed("id", vocabulary::FileId::parse).unwrap();
        assert_eq!(&**viewing.file(&access, id).await.unwrap(), row.as_bytes());
    }
    keep.close().await;
}
