//! What holds for the program as a whole: its routes, its words, its columns, and what stays out of sight.

use crate::ambient::{SystemClock, SystemEntropy};
use crate::demo;
use crate::house::{self, Places};
use axum::Router;
use keep::Keep;
use keep::testing::TempFolder;
use media::{Sfu, SfuConfig};
use std::fmt::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use vocabulary::Entropy;
use web::Rule;
use web::testing::{get, post};

#[test]
fn the_route_table_is_the_committed_one() {
    let mut now =
        String::from("Every address and who may call it. Accept a change with ALCOVE_ACCEPT=1.\n\n");
    for route in all_routes().table() {
        writeln!(now, "{route}").unwrap();
    }
    assert_committed("routes.txt", &now);
}

/// Whoever changes the language on the answer to a form comes back to a page, not to the start of others.
#[test]
fn every_form_has_a_page_to_come_back_to() {
    let (routes, pages) = (all_routes(), all_routes().pages());
    let table = routes.table().into_iter().filter(|route| route.method == "POST");
    let alone: Vec<&str> = table.map(|route| route.path).filter(|path| pages.above(path).is_none()).collect();
    // These answer with no page.
    let scripts = ["/hooks/texts", "/probe", "/probe/end", "/room/files", "/room/files/{place}/withdraw"];
    let leading_on = ["/lang", "/sign-out", "/simple"];
    assert!(alone.iter().all(|path| scripts.contains(path) || leading_on.contains(path)), "{alone:?}");
}

#[test]
fn the_column_register_is_the_committed_one() {
    let register = keep::store::register(&house::schemas()).unwrap();
    let mut now = String::from("Every column and its class. Accept a change with ALCOVE_ACCEPT=1.\n\n");
    for (table, column, kept) in register.columns() {
        writeln!(now, "{:<8}{table}.{column}", format!("{:?}", kept.class).to_lowercase()).unwrap();
    }
    assert_committed("columns.txt", &now);
}

#[test]
fn the_words_of_all_slices_fit_together() {
    house::catalog().unwrap();
}

/// Patients and staff of the United States read "license", whatever the things are called in the code.
#[test]
fn what_is_shown_in_english_is_spelled_the_american_way() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut folders = vec![crates.to_owned()];
    let (mut files, mut british) = (0, Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            let shown = name.ends_with(".ftl") && name.contains("/en/") || name.contains("/bank/");
            if path.is_dir() {
                folders.push(path);
            } else if shown {
                files += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                // Keys and comments are nobody's words.
                let words = text.lines().map(|line| line.split_once('=').map_or(line, |(_, words)| words));
                let words = words.filter(|line| !line.starts_with('#') && line.contains("icence"));
                british.extend(words.map(|line| format!("{name}: {line}")));
            }
        }
    }
    assert!(files > 20, "there was nothing to read");
    assert!(british.is_empty(), "write license: {british:#?}");
}

#[tokio::test]
async fn strangers_reach_only_what_is_public() {
    let practice = Practice::open().await;
    for route in all_routes().table() {
        let closed = match route.rule {
            Rule::Public(_) => false,
            Rule::SignedIn(_) => true,
            Rule::Act(act) => {
                policy::decide(&vocabulary::Principal::Anonymous, &policy::Facts::default(), act).is_err()
            }
        };
        if !closed {
            continue;
        }
        let path = filled_in(route.path);
        let answer = match route.method {
            "GET" => get(&practice.router, &path).await,
            _ => post(&practice.router, &path, &[]).await,
        };
        let status = answer.status.as_u16();
        assert!([303, 401, 403, 404].contains(&status), "{route} gave a stranger {status}");
    }
}

/// Whatever is answered to whomever: a page, a refusal, nothing, a wrong method.
#[tokio::test]
async fn every_answer_of_every_route_wears_the_armour() {
    const WORN: [(&str, &str); 8] = [
        ("content-security-policy", "default-src 'none'"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "geolocation=()"),
        ("strict-transport-security", "max-age="),
    ];
    let practice = Practice::open_at("https://visits.example.org").await;
    let sealed = web::sealed("https://visits.example.org".into());
    let mut answers = Vec::new();
    for route in all_routes().table() {
        let path = filled_in(route.path);
        answers.push((path.clone(), get(&practice.router, &path).await));
        answers.push((path.clone(), post(&practice.router, &path, &[]).await));
        answers.push((path.clone(), get(&sealed, &path).await));
    }
    assert!(answers.len() > 300);
    for (path, answer) in answers {
        for (name, value) in WORN {
            let worn = answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
            assert!(worn.contains(value), "{path} ({}): {name} is `{worn}`", answer.status);
        }
    }
}

/// R38 (part: the data folder) and R25 (part: every health field of a furnished practice): nothing of a
/// patient can be read from the files, and letters say neither who nor why.
#[tokio::test]
async fn nothing_of_a_patient_can_be_read_from_the_folder() {
    let practice = Practice::open().await;
    let mail = practice.folder.path().join("mail");
    let carrier = web::mail::FolderCarrier::new(&mail, practice.keep.clone());
    keep::outbox::deliver_due(&practice.keep, &carrier).await.unwrap();
    practice.keep.close().await;

    let patients: Vec<&str> = demo::cast::PATIENTS.iter().map(|patient| patient.name).collect();
    let phrases: Vec<&str> = demo::cast::PATIENTS.iter().map(|patient| patient.check_phrase).collect();
    let reasons = demo::furnish::reasons();
    let data = practice.folder.path().join("data");
    let kept = [&patients[..], &phrases[..], &reasons[..]].concat();
    assert_eq!(found_under(&data, &kept), Vec::<String>::new());
    assert_eq!(found_under(&mail, &[&patients[..], &reasons[..]].concat()), Vec::<String>::new());
}

pub(crate) struct Practice {
    pub keep: Keep,
    pub router: Router,
    folder: TempFolder,
    staff: Vec<demo::furnish::StaffLink>,
}

impl Practice {
    pub async fn open() -> Practice {
        Practice::open_at("http://localhost:1").await
    }

    pub async fn open_at(origin: &str) -> Practice {
        let folder = TempFolder::new();
        let (places, _) = Places::existing_or_new(folder.path()).unwrap();
        let keep = places.open(Arc::new(SystemClock::default())).await.unwrap();
        let links = demo::furnish::furnish(&keep, origin).await.unwrap();
        let nowhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let config = SfuConfig {
            udp: nowhere,
            udp_enabled: false,
            public: vec![],
            tcp_public: vec![nowhere],
            picture: media::Picture::default(),
        };
        let site = house::site(&keep, &Sfu::start(config).unwrap(), false, Arc::default()).await.unwrap();
        let router = house::routes().into_router(site);
        Practice { keep, router, folder, staff: links.staff }
    }

    /// The member of staff behind a sign-in link of the demo.
    pub fn person(&self, link: &str) -> vocabulary::PersonId {
        self.staff.iter().find(|one| one.link == link).unwrap().person
    }
}

pub(crate) fn all_routes() -> web::Routes {
    house::routes().merge(demo::pages::routes())
}

/// Fills the places of a path with an id that names nothing.
fn filled_in(path: &str) -> String {
    let mut random = [0; 16];
    SystemEntropy.fill(&mut random);
    let id = vocabulary::VisitId::from_bytes(random).text();
    path.split('/')
        .map(|part| if part.starts_with('{') { id.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn found_under(folder: &Path, needles: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            let holds = |needle: &str| bytes.windows(needle.len()).any(|run| run == needle.as_bytes());
            let hits = needles.iter().filter(|needle| holds(needle));
            found.extend(hits.map(|needle| format!("{needle} in {}", path.display())));
        }
    }
    assert!(files > 0, "there was nothing to look into");
    found
}

fn assert_committed(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("ALCOVE_ACCEPT").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "{name} has changed: look at it, then accept it with ALCOVE_ACCEPT=1\n{now}");
}
