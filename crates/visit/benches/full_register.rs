//! What a large practice waits for: 50,000 patients, a full day. `cargo bench -p visit` fills a keep, prints
//! the times and holds them against what is promised; it takes some minutes and 1 GB of disk. With a number
//! (`cargo bench -p visit -- 2000`) it fills that many and holds nothing. With the address of a Postgres
//! server in `ALCOVE_TEST_DATABASE` the records stand there, in a schema of their own, dropped at the end.

#![expect(clippy::disallowed_methods, reason = "measuring is the one thing here that needs a real clock")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails has nothing to say")]
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

use axum::Router;
use keep::testing::TempFolder;
use keep::{Entry, Keep, Object};
use people::patients::{self, BirthDate, Names, NewPatient};
use people::staff::{self, NewPerson};
use policy::{Access, Act, Facts, decide};
use std::sync::Arc;
use std::time::{Duration, Instant};
use visit::before::booking::{Booking, book};
use visit::before::rules::Kind;
use vocabulary::{Lang, MINUTE_MS, PatientId, PersonId, Principal, Role, Roles, SessionId};
use web::testing::{get, post};

const PATIENTS: usize = 50_000;
const IN_ONE: usize = 100;
/// Of one clinician, on one day.
const VISITS: i64 = 60;
const ASKED: usize = 300;

const SEARCH_P99: Duration = Duration::from_millis(50);
const START: Duration = Duration::from_secs(5);

const GIVEN: [&str; 20] = [
    "Maria", "James", "Ana", "Robert", "Linda", "José", "Elena", "David", "Susan", "Carlos", "Karen", "Luis",
    "Nancy", "Omar", "Grace", "Ivan", "Ruth", "Hugo", "Amara", "Theo",
];
const FAMILY: [&str; 20] = [
    "Smith",
    "García",
    "Johnson",
    "Martínez",
    "Brown",
    "Rodríguez",
    "Davis",
    "López",
    "Miller",
    "Hernández",
    "Wilson",
    "González",
    "Moore",
    "Pérez",
    "Taylor",
    "Sánchez",
    "Nguyen",
    "Ramírez",
    "Núñez",
    "O'Brien",
];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let count = asked.unwrap_or(PATIENTS);
    let temp = TempFolder::new();
    let engine = if temp.config().database.is_some() { "Postgres" } else { "SQLite" };
    println!("records on {engine}");
    let schemas = [
        people::SCHEMA,
        people::NEEDS,
        practice::SCHEMA,
        practice::vendors::SCHEMA,
        practice::INTERPRETERS,
        visit::SCHEMA,
        visit::DESK,
        visit::READINESS,
        visit::LANGUAGE,
        visit::SIGNERS,
        visit::IDENTITY,
        visit::DELEGATES,
    ];
    let keep = temp.open(&schemas).await.unwrap();
    let filled = Instant::now();
    let (clinician, desk) = (hire(&keep, Role::Clinician).await, hire(&keep, Role::Desk).await);
    let some = fill(&keep, count).await;
    fill_day(&keep, clinician, &some).await;
    say("filling", filled.elapsed());
    keep.close().await;
    drop(keep);

    let start = Instant::now();
    let keep = temp.open(&schemas).await.unwrap();
    let opened = start.elapsed();
    let names = Names::build(&keep).await.unwrap();
    let start = start.elapsed();
    println!(
        "opening {} ms, with the names of {count} patients {} ms",
        opened.as_millis(),
        start.as_millis()
    );

    let desk = router(&keep, &names, desk, Role::Desk);
    let mut searches = Vec::new();
    for turn in 0..ASKED {
        let typed = typed(turn);
        let asked = Instant::now();
        let answer = post(&desk, "/patients", &[("name", &typed)]).await;
        searches.push(asked.elapsed());
        assert_eq!(answer.status, 200);
    }
    let search = told("search", searches);
    let clinician = router(&keep, &names, clinician, Role::Clinician);
    for (name, router, path) in [
        ("day page, desk", &desk, "/day"),
        ("day page, clinician", &clinician, "/day"),
        ("patients, clinician", &clinician, "/patients"),
        ("sign-in page", &desk, "/sign-in"),
    ] {
        let mut times = Vec::new();
        for _ in 0..ASKED {
            let asked = Instant::now();
            let answer = get(router, path).await;
            times.push(asked.elapsed());
            assert_eq!(answer.status, 200, "{path}");
        }
        told(name, times);
    }
    if asked.is_none() {
        assert!(search <= SEARCH_P99, "search takes {search:?}");
        assert!(start <= START, "the start takes {start:?}");
    }
}

async fn fill(keep: &Keep, count: usize) -> Vec<PatientId> {
    let mut some = Vec::new();
    for first in (0..count).step_by(IN_ONE) {
        let mut tx = keep.begin().await.unwrap();
        for n in first..count.min(first + IN_ONE) {
            let id = patients::add(&mut tx, &patient(n)).await.unwrap();
            tx.note(&program(), Entry::new(Object::of("patient", id.text()).patient(id)));
            if n % 97 == 0 {
                some.push(id);
            }
        }
        tx.commit(&program(), Entry::new(Object::of("practice", ""))).await.unwrap();
    }
    some
}

async fn fill_day(keep: &Keep, clinician: PersonId, some: &[PatientId]) {
    let house = keep.settings().house_rules.clone();
    for (n, patient) in (0..VISITS).zip(some.iter().cycle()) {
        let mut tx = keep.begin().await.unwrap();
        let booking = Booking {
            patient: *patient,
            clinician,
            starts_at: tx.now().plus_ms(n * MINUTE_MS),
            length_min: 20,
            kind: Kind::FollowUp,
            reason: None,
        };
        let booked = book(&mut tx, &program(), &booking, &house).await.unwrap();
        tx.commit(&program(), booked.entry.clone()).await.unwrap();
    }
}

fn patient(n: usize) -> NewPatient {
    let (given, family) = (GIVEN[n % 20], FAMILY[n / 20 % 20]);
    let born = format!("{}-{:02}-{:02}", 1930 + n % 90, n % 12 + 1, n % 28 + 1);
    NewPatient {
        name: format!("{given} {family} {}", letters(n / 400)),
        birth_date: BirthDate::parse(&born).unwrap(),
        email: Some(format!("patient{n}@example.org")),
        phone: Some("555-010-0142".into()),
        lang: Lang::En,
        aids: None,
        check_phrase: Some("blue kettle".into()),
    }
}

/// A second family name of its own: two letters for each digit.
fn letters(mut n: usize) -> String {
    let mut word = String::from("Va");
    for _ in 0..3 {
        word.push_str(["ra", "le", "mi", "no", "tu", "da", "se", "ki", "bo", "zu"][n % 10]);
        n /= 10;
    }
    word
}

/// Nothing, a beginning, a whole name, and nobody: the last looks at everybody.
fn typed(turn: usize) -> String {
    match turn % 4 {
        0 => String::new(),
        1 => FAMILY[turn % 20].chars().take(2).collect(),
        2 => format!("{} {} {}", letters(turn % 125), FAMILY[turn % 20], GIVEN[turn % 20]),
        _ => format!("xq{turn}"),
    }
}

async fn hire(keep: &Keep, role: Role) -> PersonId {
    let new = NewPerson {
        name: "Dr. Amara Osei",
        credentials: "MD",
        licensed_in: "MA",
        roles: Roles::NONE.with(role),
        lang: Lang::En,
    };
    let mut tx = keep.begin().await.unwrap();
    let id = staff::add(&mut tx, &new).await.unwrap();
    tx.commit(&program(), Entry::new(Object::of("person", id.text()))).await.unwrap();
    id
}

fn router(keep: &Keep, names: &Arc<Names>, person: PersonId, role: Role) -> Router {
    let session = SessionId::new(keep.clock().now(), keep.entropy());
    let who = Principal::Staff { person, session, roles: Roles::NONE.with(role) };
    let words = [people::WORDS, practice::WORDS, visit::WORDS];
    let site = web::testing::site(keep.clone(), who, &words).plug(names.clone());
    people::routes().merge(visit::before::routes()).into_router(people::plug_doors(site))
}

fn program() -> Access {
    decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap()
}

/// Gives the 99th of a hundred.
fn told(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100];
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!("{what}: p50 {:.2} ms, p99 {:.2} ms", ms(at(50)), ms(at(99)));
    at(99)
}

fn say(what: &str, took: Duration) {
    println!("{what}: {:.1} s", took.as_secs_f64());
}
