//! Killing the program at any moment (SIGKILL, so nothing is tidied up) while colleagues sign up, a care team
//! changes, patients consent and keys are replaced: what was acknowledged is there, whole and once. The
//! program under test is this test binary, started again as a child. `cargo xtask crash --rounds 100` kills
//! it more often.

use crate::before::consent;
use crate::test_house::{House, SCHEMAS, check_in, new_patient, program};
use keep::testing::{START, TempFolder};
use keep::trail::{self, Search, entries};
use keep::{Config, Entry, Keep, Object, Server, args};
use people::{care_team, enrolments, patients, proofs, staff};
use policy::{Act, Facts, decide};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};
use vocabulary::{DAY_MS, Lang, MINUTE_MS, PersonId, Principal, Role, Roles, SessionId, VisitId};

const FOLDER: &str = "ALCOVE_TEST_CRASH_FOLDER";
/// The address of the records when they are not in the folder.
const SERVER: &str = "ALCOVE_TEST_CRASH_SERVER";
const ROUND: &str = "ALCOVE_TEST_CRASH_ROUND";
const ROUNDS: &str = "ALCOVE_CRASH_ROUNDS";
const ROUNDS_IN_A_TEST_RUN: u64 = 20;
const KEPT: &str = "kept ";

#[test]
fn what_people_were_told_is_done_survives_a_kill_and_is_done_once() {
    let temp = TempFolder::new();
    let config = temp.config();
    keep::vault::create_root(&config.root_key, &TestEntropy::seeded(1)).unwrap();
    let mut kept: Vec<String> = Vec::new();
    let rounds = std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse().ok());
    for round in 0..rounds.unwrap_or(ROUNDS_IN_A_TEST_RUN) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash_tests::a_child_works_until_it_is_killed", "--nocapture"])
            .env(FOLDER, &config.folder)
            .env(ROUND, round.to_string())
            .envs(config.database.as_ref().map(|server| (SERVER, server.address())))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // Each round is killed after another number of acts, at another moment of the next.
        let wanted = kept.len() + 1 + usize::try_from(round % 5).unwrap();
        while kept.len() < wanted {
            let line = lines.next().expect("the child goes on until it is killed");
            kept.extend(line.strip_prefix(KEPT).map(str::to_owned));
        }
        std::thread::sleep(std::time::Duration::from_millis(round * 7919 % 37));
        child.kill().unwrap();
        child.wait().unwrap();
        kept.extend(lines.filter_map(|line| line.strip_prefix(KEPT).map(str::to_owned)));
        check(&config, &kept, round);
    }
}

/// Does nothing unless the test above started it.
#[test]
fn a_child_works_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(std::path::PathBuf::from) else { return };
    let round: u64 = std::env::var(ROUND).unwrap().parse().unwrap();
    let root_key = folder.parent().unwrap().join("root.key");
    let database = std::env::var(SERVER).ok().map(|address| Server::parse(&address).unwrap());
    let config = Config { folder, root_key, database };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let clock = Arc::new(TestClock::at(START));
        let house = House::furnished(open(&config, clock.clone(), round + 2).await, clock).await;
        tokio::spawn(change_keys(house.keep.clone()));
        for n in 0.. {
            let said = match n % 3 {
                0 => sign_up(&house, &format!("c{round}-{n}@example.org")).await,
                1 => change_team(&house, n).await,
                _ => consent_to(&house).await,
            };
            writeln!(std::io::stdout(), "\n{KEPT}{said}").unwrap();
        }
    });
}

async fn open(config: &Config, clock: Arc<TestClock>, seed: u64) -> Keep {
    let entropy = Arc::new(TestEntropy::seeded(seed << 40));
    Keep::open(config, &SCHEMAS, clock, entropy).await.unwrap()
}

/// A colleague is invited, and sets up how to sign in.
async fn sign_up(house: &House, email: &str) -> String {
    let access = program(Act::Furnish);
    let new = staff::NewPerson {
        name: "Cora Colleague",
        credentials: "",
        licensed_in: "MA",
        roles: Roles::NONE.with(Role::Assistant),
        lang: Lang::En,
    };
    let mut tx = house.keep.begin().await.unwrap();
    let person = staff::add(&mut tx, &new).await.unwrap();
    proofs::give_name(&mut tx, person, email).await.unwrap();
    let span = (tx.now(), tx.now().plus_ms(DAY_MS));
    enrolments::issue(&mut tx, person, enrolments::Purpose::Join, span).await.unwrap();
    tx.commit(&access, Entry::new(Object::of("person", person.text()))).await.unwrap();
    let mut tx = house.keep.begin().await.unwrap();
    enrolments::withdraw(&mut tx, person).await.unwrap();
    staff::make_active(&mut tx, person).await.unwrap();
    proofs::save_codes(&mut tx, person).await.unwrap();
    tx.commit(&access, Entry::new(Object::of("login", person.text()))).await.unwrap();
    format!("sign_up {}", person.text())
}

/// The other doctor comes to the care team, and stays another day each time.
async fn change_team(house: &House, n: u64) -> String {
    let (patient, person) = (house.patient, house.other_doctor);
    let id = format!("{}.{}", patient.text(), person.text());
    let mut tx = house.keep.begin().await.unwrap();
    let ends = tx.now().plus_ms(DAY_MS * i64::try_from(n).unwrap());
    care_team::put(&mut tx, patient, person, house.doctor, ends).await.unwrap();
    let entry = Entry::new(Object::of("care_team", &id).patient(patient));
    tx.commit(&program(Act::Furnish), entry).await.unwrap();
    format!("care_team {id}")
}

/// A patient checks in, and signs the consent on the way.
async fn consent_to(house: &House) -> String {
    let mut tx = house.keep.begin().await.unwrap();
    let patient = patients::add(&mut tx, &new_patient("Nora New", None, Lang::En)).await.unwrap();
    let entry = Entry::new(Object::of("patient", patient.text()).patient(patient));
    tx.commit(&program(Act::Furnish), entry).await.unwrap();
    let booked = house.booked_for(patient, 20 * MINUTE_MS).await;
    check_in(&house.as_guest(&booked), &house.door(&booked).await).await;
    format!("consent {}", booked.visit.text())
}

/// Practice and patients' keys, over and over. What was cut short by the last kill goes on first.
async fn change_keys(keep: Keep) {
    let access = program(Act::RotateKeys);
    let work = async {
        keep.resume_renewals(&access).await?;
        loop {
            keep.rotate_practice_key(&access, "drill").await?;
            let owners = keep.data_owners();
            assert_eq!(keep.renew_data_keys(&access, &owners, "drill").await?.damaged, 0);
        }
    };
    let Err::<(), keep::KeepError>(error) = work.await else { return };
    writeln!(std::io::stdout(), "\nkeys could not be changed: {error}").unwrap();
    std::process::exit(1);
}

#[tokio::main(flavor = "current_thread")]
async fn check(config: &Config, kept: &[String], round: u64) {
    let keep = open(config, Arc::new(TestClock::at(START)), 1 << 20 | round).await;
    let deep = trail::verify_deep(&keep).await.unwrap();
    assert_eq!((deep.altered, deep.unknown, deep.gone), (vec![], vec![], vec![]), "round {round}");
    let told = told(&keep).await;
    let count = |object: &str, id: &str| told.get(&(object.into(), id.into())).copied().unwrap_or(0);
    let mut changes: HashMap<&str, i64> = HashMap::new();
    for line in kept {
        let (what, id) = line.split_once(' ').unwrap();
        match what {
            "sign_up" => {
                assert!(can_sign_in(&keep, id).await, "round {round} lost a sign-up");
                assert_eq!((count("person", id), count("login", id)), (1, 1), "round {round}");
            }
            "care_team" => *changes.entry(id).or_default() += 1,
            _ => assert_eq!(consents(&keep, id).await, 1, "round {round}: one consent for a visit"),
        }
    }
    for (id, acknowledged) in changes {
        let sql = "SELECT version FROM care_team WHERE id = $1";
        let row = keep.read().await.unwrap().row(sql, args![id]).await.unwrap().unwrap();
        // The last one may have been done and not said.
        let done = row.int("version").unwrap();
        assert!(done == acknowledged || done == acknowledged + 1, "round {round}: {done}, {acknowledged}");
        assert_eq!(count("care_team", id), done, "round {round}: one entry for each change");
    }
    // Whole or not at all, acknowledged or not: every consent has its file and its entry.
    let all = "SELECT (SELECT count(*) FROM consent) AS rows_there,
        (SELECT count(*) FROM consent c JOIN file f ON f.id = c.artefact) AS files";
    let all = keep.read().await.unwrap().row(all, args![]).await.unwrap().unwrap();
    let entries = told.iter().filter(|((object, _), _)| object == "consent").map(|(_, n)| n).sum::<i64>();
    assert_eq!((all.int("files"), all.int("rows_there")), (Ok(entries), Ok(entries)), "round {round}");
    keep.close().await;
}

async fn can_sign_in(keep: &Keep, person: &str) -> bool {
    let person = PersonId::parse(person).unwrap();
    let mut read = keep.read().await.unwrap();
    let sql = "SELECT count(*) AS codes FROM saved_code WHERE person = $1";
    let codes = read.row(sql, args![person]).await.unwrap().unwrap().int("codes").unwrap();
    let sql = "SELECT count(*) AS names FROM login WHERE person = $1";
    let names = read.row(sql, args![person]).await.unwrap().unwrap().int("names").unwrap();
    let found = staff::load(&mut read, person).await.unwrap();
    (names, codes) == (1, 10) && found.is_some_and(|found| found.state == staff::State::Active)
}

async fn consents(keep: &Keep, visit: &str) -> usize {
    let visit = VisitId::parse(visit).unwrap();
    let all = consent::of_visit(&mut keep.read().await.unwrap(), visit).await.unwrap();
    all.iter().filter(|row| row.scope == consent::Scope::Telehealth).count()
}

/// How many entries of acts that change something the trail has about each object.
async fn told(keep: &Keep) -> HashMap<(String, String), i64> {
    let person = PersonId::from_bytes([9; 16]);
    let roles = Roles::NONE.with(Role::PrivacyOfficial);
    let who = Principal::Staff { person, session: SessionId::from_bytes([8; 16]), roles };
    let access = decide(&who, &Facts::default(), Act::ReadTrail).unwrap();
    let mut viewing = keep.view(&access, Object::of("trail", "")).await.unwrap();
    let (mut told, mut before) = (HashMap::new(), None);
    loop {
        let found =
            entries(&mut viewing, &access, Search { before, patient: None, limit: 200 }).await.unwrap();
        let Some(last) = found.last() else { return told };
        before = Some(last.index);
        for body in found.into_iter().filter_map(|event| event.body) {
            *told.entry((body.object, body.object_id)).or_default() += 1;
        }
    }
}
