//! Killing the program at any moment (SIGKILL, so nothing is tidied up): what it had said was kept is there,
//! whole, opens, and the trail verifies, while every kind of key is replaced all the time. The program under
//! test is this test binary, started again as a child. `cargo xtask crash --rounds 100` kills it more often.

use crate::testing::TempFolder;
use crate::tests::{NOTES, body, clinician, system};
use crate::{Config, Entry, Keep, Object, Owner, Server, args, trail};
use policy::{Act, Facts, decide};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{Entropy, PatientId, PersonId, Principal, Role, Roles, SessionId};

const FOLDER: &str = "ALCOVE_TEST_CRASH_FOLDER";
/// The address of the records when they are not in the folder.
const SERVER: &str = "ALCOVE_TEST_CRASH_SERVER";
const ROUND: &str = "ALCOVE_TEST_CRASH_ROUND";
const ROUNDS: &str = "ALCOVE_CRASH_ROUNDS";
const ROUNDS_IN_A_TEST_RUN: u64 = 20;
/// Patients whose keys are replaced in one go.
const RENEWED_AT_ONCE: usize = 4;

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let temp = TempFolder::new();
    crate::vault::create_root(&temp.config().root_key, &TestEntropy::seeded(1)).unwrap();
    let mut acknowledged = Vec::new();
    let rounds = std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse().ok());
    for round in 0..rounds.unwrap_or(ROUNDS_IN_A_TEST_RUN) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash_tests::a_child_writes_until_it_is_killed", "--nocapture"])
            .env(FOLDER, temp.config().folder)
            .env(ROUND, round.to_string())
            .envs(temp.config().database.map(|server| (SERVER, server.address().to_owned())))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // Each round is killed after another number of commits, in the middle of the next.
        let wanted = acknowledged.len() + 1 + usize::try_from(round % 7).unwrap() * 3;
        while acknowledged.len() < wanted {
            let line = lines.next().expect("the child goes on until it is killed");
            acknowledged.extend(line.strip_prefix("kept ").map(str::to_owned));
        }
        // And at another moment of whatever the change of keys is doing.
        std::thread::sleep(std::time::Duration::from_millis(round * 7919 % 23));
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
    let database = std::env::var(SERVER).ok().map(|address| Server::parse(&address).unwrap());
    let config = Config { folder, root_key, database };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let entropy = Arc::new(TestEntropy::seeded((round + 2) << 40));
        let clock = Arc::new(TestClock::at(crate::testing::START));
        let keep = Keep::open(&config, &[NOTES], clock, entropy.clone()).await.unwrap();
        tokio::spawn(change_keys(keep.clone()));
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

/// Root, practice and some patients' keys, over and over. What was cut short by the last kill goes on first.
async fn change_keys(keep: Keep) {
    let access = decide(&Principal::System, &Facts::default(), Act::RotateKeys).unwrap();
    let work = async {
        keep.resume_renewals(&access).await?;
        for round in 0.. {
            keep.rotate_root_key(&access, "drill").await?;
            keep.rotate_practice_key(&access, "drill").await?;
            let owners = keep.data_owners();
            let from = round * RENEWED_AT_ONCE % owners.len();
            let some: Vec<Owner> = owners.into_iter().skip(from).take(RENEWED_AT_ONCE).collect();
            let renewed = keep.renew_data_keys(&access, &some, "drill").await?;
            assert_eq!(renewed.damaged, 0);
        }
        Ok::<(), crate::KeepError>(())
    };
    if let Err(error) = work.await {
        writeln!(std::io::stdout(), "\nkeys could not be changed: {error}").unwrap();
        std::process::exit(1);
    }
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
    assert_eq!(entries_of_notes(&keep).await, rows.len(), "round {round}: one entry for each note");
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

/// How many different notes the trail has entries of; twice the same one would be an act done twice.
async fn entries_of_notes(keep: &Keep) -> usize {
    let (person, session) = (PersonId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
    let who = Principal::Staff { person, session, roles: Roles::NONE.with(Role::PrivacyOfficial) };
    let access = decide(&who, &Facts::default(), Act::ReadTrail).unwrap();
    let mut viewing = crate::Viewing::new(keep.clone(), keep.read_conn().await.unwrap());
    let (mut notes, mut before) = (std::collections::HashSet::new(), None);
    loop {
        let search = trail::Search { before, limit: 200, ..trail::Search::default() };
        let found = trail::entries(&mut viewing, &access, search).await.unwrap();
        let Some(last) = found.last() else { return notes.len() };
        before = Some(last.index);
        for body in found.into_iter().filter_map(|event| event.body) {
            if body.act == "practice.furnish" {
                assert!(notes.insert(body.object_id), "a note was written twice");
            }
        }
    }
}
