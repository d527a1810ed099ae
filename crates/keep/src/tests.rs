//! Journeys through the whole crate: what slices rely on.

use crate::*;
use crate::{testing, trail};
use policy::{Access, Act, Facts, decide};
use std::path::Path;
use vocabulary::{
    Entropy, PatientId, PersonId, Principal, Relation, Relations, Role, Roles, SessionId, UnixMillis,
};

pub(crate) const NOTES: Schema = Schema {
    owner: "notes",
    steps: &[Step {
        number: 1,
        name: "first",
        sql: "CREATE TABLE note (
                id TEXT PRIMARY KEY, -- plain: random id
                version BIGINT NOT NULL, -- plain: optimistic version
                body BYTEA NOT NULL, -- sealed: what was written, as long as the chart
                tag BYTEA UNIQUE -- blind: exact match
              );",
    }],
};

pub(crate) fn system() -> Access {
    decide(&Principal::System, &Facts::default(), Act::Furnish).unwrap()
}

pub(crate) fn clinician(entropy: &dyn Entropy, patient: PatientId, act: Act) -> Access {
    let who = Principal::Staff {
        person: PersonId::new(UnixMillis(1), entropy),
        session: SessionId::new(UnixMillis(1), entropy),
        roles: Roles::NONE.with(Role::Clinician),
    };
    let relations = Relations::NONE.with(Relation::CareTeam);
    decide(&who, &Facts { relations, patient: Some(patient), ..Facts::default() }, act).unwrap()
}

pub(crate) fn patient(keep: &Keep) -> PatientId {
    PatientId::new(keep.clock().now(), keep.entropy())
}

pub(crate) fn body<'a>(row: &'a str, version: i64, owner: Owner) -> Place<'a> {
    Place { table: "note", column: "body", row, version, owner }
}

/// Writes one note and commits it.
pub(crate) async fn write(keep: &Keep, row: &str, owner: Owner, text: &str) -> Result<u64, KeepError> {
    let mut tx = keep.begin().await?;
    let sealed = tx.seal_text(&body(row, 1, owner), text)?;
    tx.run("INSERT INTO note (id, version, body) VALUES ($1, 1, $2)", args![row, sealed]).await?;
    let object = Object::of("note", row);
    let object = match owner {
        Owner::Practice => object,
        Owner::Patient(id) => object.patient(id),
    };
    tx.commit(&system(), Entry::new(object).detail("words", "1")).await
}

#[tokio::test]
async fn what_was_committed_is_read_back_and_opens_in_its_place() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let patient = patient(&keep);
    write(&keep, "n1", Owner::Patient(patient), "asthma").await.unwrap();
    let access = clinician(keep.entropy(), patient, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("patient", patient.text())).await.unwrap();
    let row = viewing.row("SELECT body FROM note WHERE id = $1", args!["n1"]).await.unwrap().unwrap();
    let text =
        viewing.unseal_text(&access, &body("n1", 1, Owner::Patient(patient)), row.blob("body").unwrap());
    assert_eq!(text.unwrap().reveal(), "asthma");
}

/// Everybody who opens the same thing again within 15 minutes has looked once.
#[tokio::test]
async fn one_look_is_one_entry_for_fifteen_minutes() {
    let (keep, clock) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    let look = async |access: &Access, id: &str| {
        keep.view(access, Object::of("patient", id)).await.unwrap();
        trail::verify(&keep).await.unwrap().size
    };
    assert_eq!(look(&access, "ann").await, 1);
    clock.advance_ms(15 * 60_000 - 1);
    assert_eq!(look(&access, "ann").await, 1);
    clock.advance_ms(1);
    assert_eq!(look(&access, "ann").await, 2);
    clock.advance_ms(60 * 60_000);
    assert_eq!(look(&access, "ann").await, 3);
    assert_eq!(look(&access, "bob").await, 4);
    assert_eq!(look(&clinician(keep.entropy(), ann, Act::OpenChart), "ann").await, 5);
    assert_eq!(look(&clinician(keep.entropy(), ann, Act::WriteSummary), "ann").await, 6);
    assert_eq!(look(&access, "ann").await, 6);
}

#[tokio::test]
async fn settings_change_for_everybody_at_the_commit_and_survive_a_restart() {
    let temp = testing::TempFolder::new();
    let keep = temp.open(&[]).await.unwrap();
    let mut hints = keep.bus().subscribe();
    let mut settings = Settings::clone(&keep.settings());
    settings.face.name = "Linden Street Clinic".into();
    settings.house_rules.ask_survey = false;
    let mut tx = keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    drop(tx);
    assert_eq!(*keep.settings(), Settings::default());
    let mut tx = keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    assert_eq!(*keep.settings(), Settings::default());
    tx.commit(&system(), Entry::new(Object::of("settings", "practice"))).await.unwrap();
    assert_eq!(*keep.settings(), settings);
    assert_eq!(hints.try_recv(), Ok(Hint::Settings));
    keep.close().await;
    drop(keep);
    assert_eq!(*temp.open(&[]).await.unwrap().settings(), settings);
}

#[tokio::test]
async fn a_commit_runs_to_its_end_even_when_its_caller_is_gone() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let mut tx = keep.begin().await.unwrap();
    tx.hint(Hint::Outbox);
    let mut hints = keep.bus().subscribe();
    let access = system();
    let committing = tx.commit(&access, Entry::new(Object::of("note", "x")));
    // Polled once, as by a request whose browser then hangs up.
    tokio::time::timeout(std::time::Duration::ZERO, committing).await.ok();
    let hint = tokio::time::timeout(std::time::Duration::from_secs(10), hints.recv()).await;
    assert_eq!(hint.unwrap(), Ok(Hint::Outbox));
    assert_eq!(trail::verify(&keep).await.unwrap().size, 1);
}

/// The rules of this crate that the compiler cannot hold.
#[test]
fn the_store_alone_names_the_engine_and_one_place_commits() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let engine = concat!("sq", "lx::");
    let everything = concat!("select", " *");
    let raw_commit = concat!(".commit", "().await");
    let mut seen = 0;
    for (name, bytes) in bytes_below(crates) {
        let is_sql = name.ends_with(".sql");
        if !(is_sql || name.ends_with(".rs")) {
            continue;
        }
        seen += 1;
        let text = String::from_utf8(bytes).unwrap();
        let squeezed = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!squeezed.contains(everything), "{name}: name the columns");
        let in_store = name.contains("keep/src/store/");
        assert!(in_store || !text.contains(engine), "{name}: only the store names the engine");
        // A copy carries every entry with the rows it is about, and is no act by itself.
        let may_commit = in_store
            || ["keep/src/tx.rs", "keep/src/transfer.rs"].iter().any(|file| name.ends_with(file))
            || name.contains("keep/src/vault/");
        assert!(may_commit || !text.contains(raw_commit), "{name}: a commit takes a proof and an entry");
    }
    assert!(seen > 50, "only {seen} files were looked at");
}

/// Every file below, with its content.
fn bytes_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_below(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path.display().to_string(), bytes));
        }
    }
    found
}

/// Invariant 2: a transaction that opened something and was then dropped has still left a trace.
#[tokio::test]
async fn a_look_inside_a_dropped_transaction_is_in_the_trail() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    let owner = Owner::Patient(ann);
    write(&keep, "n1", owner, "asthma").await.unwrap();
    let access = clinician(keep.entropy(), ann, Act::WriteSummary);
    for opens in [false, true] {
        let mut tx = keep.begin().await.unwrap();
        let row = tx.row("SELECT body FROM note", args![]).await.unwrap().unwrap();
        if opens {
            tx.unseal(&access, &body("n1", 1, owner), row.blob("body").unwrap()).unwrap();
        }
        drop(tx);
    }
    let mut size = 1;
    for _ in 0..200 {
        size = trail::verify(&keep).await.unwrap().size;
        if size == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(size, 2);
}

#[tokio::test]
async fn strangers_cannot_fill_the_trail_with_refusals() {
    let (keep, clock) = testing::keep(&[]).await;
    let tries = i64::from(view::STRANGERS_A_MINUTE) + 50;
    let refuse = async || {
        let object = Object::of("page", "day");
        keep.refused(&Principal::Anonymous, Act::SeeDay, object, "sign_in").await.unwrap();
    };
    for _ in 0..tries {
        refuse().await;
    }
    let written = u64::from(view::STRANGERS_A_MINUTE);
    assert_eq!(trail::verify(&keep).await.unwrap().size, written);
    clock.advance_ms(60_000);
    refuse().await;
    assert_eq!(trail::verify(&keep).await.unwrap().size, written + 1);
    let access = decide(&official(&keep), &Facts::default(), Act::ReadTrail).unwrap();
    let mut viewing = keep.view(&access, Object::of("trail", "search")).await.unwrap();
    let search = trail::Search { limit: 2, ..trail::Search::default() };
    let found = trail::entries(&mut viewing, &access, search).await.unwrap();
    assert_eq!(found[1].body.as_ref().unwrap().details["not_written_before"], "50");
}

fn official(keep: &Keep) -> Principal {
    Principal::Staff {
        person: PersonId::new(keep.clock().now(), keep.entropy()),
        session: SessionId::new(keep.clock().now(), keep.entropy()),
        roles: Roles::NONE.with(Role::PrivacyOfficial),
    }
}

/// What holds of SQLite's files alone.
mod in_files {
    use super::*;

    /// Invariant 1: what is in the files when the power goes is the last commit, whole, and its trail
    /// verifies.
    #[tokio::test]
    async fn a_power_cut_in_a_transaction_leaves_the_last_commit() {
        let temp = testing::TempFolder::new();
        let keep = temp.open(&[NOTES]).await.unwrap();
        let ann = patient(&keep);
        write(&keep, "kept", Owner::Patient(ann), "text").await.unwrap();
        let mut tx = keep.begin().await.unwrap();
        let sealed = tx.seal_text(&body("lost", 1, Owner::Patient(patient(&keep))), "text").unwrap();
        tx.run("INSERT INTO note (id, version, body) VALUES ('lost', 1, $1)", args![sealed]).await.unwrap();

        let after = testing::TempFolder::new();
        let (from, to) = (temp.config(), after.config());
        std::fs::create_dir_all(&to.folder).unwrap();
        std::fs::copy(&from.root_key, &to.root_key).unwrap();
        for file in ["alcove.db", "alcove.db-wal", "keys.db", "keys.db-wal"] {
            std::fs::copy(from.folder.join(file), to.folder.join(file)).unwrap();
        }
        drop(tx);
        let keep = after.open(&[NOTES]).await.unwrap();
        let rows = keep.read().await.unwrap().rows("SELECT id FROM note", args![]).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.text("id").unwrap()).collect::<Vec<_>>(), ["kept"]);
        let deep = trail::verify_deep(&keep).await.unwrap();
        assert_eq!((deep.trail.size, deep.whole), (1, 1));
    }

    /// R25 (part: database, its log, keys, files, letters and the trail; a copied disk without the key is
    /// noise).
    #[tokio::test]
    async fn no_canary_is_readable_in_any_byte_on_the_disk() {
        const CANARY: &str = "kanarienvogel";
        let temp = testing::TempFolder::new();
        let keep = temp.open(&[NOTES]).await.unwrap();
        let ann = patient(&keep);
        for owner in [Owner::Practice, Owner::Patient(ann)] {
            let row = owner.text();
            let mut tx = keep.begin().await.unwrap();
            let sealed = tx.seal_text(&body(&row, 1, owner), CANARY).unwrap();
            let tag = keep.blind("note", "tag", &format!("{CANARY}{row}"));
            tx.run(
                "INSERT INTO note (id, version, body, tag) VALUES ($1, 1, $2, $3)",
                args![&row, sealed, tag],
            )
            .await
            .unwrap();
            tx.put_file(owner, "letter", CANARY.repeat(20_000).into_bytes()).await.unwrap();
            let now = tx.now();
            tx.post(Letter::mail(CANARY, CANARY, CANARY).of(owner), now).await.unwrap();
            let object = Object::of("note", &row).patient(ann);
            tx.commit(&system(), Entry::new(object).detail("reason", CANARY)).await.unwrap();
        }
        let object = Object::of("note", CANARY).patient(ann);
        keep.refused(&Principal::Anonymous, Act::OpenChart, object, CANARY).await.unwrap();

        let mut files = bytes_below(&temp.config().folder);
        keep.close().await;
        drop(keep);
        files.extend(bytes_below(&temp.config().folder));
        for kind in ["alcove.db", "alcove.db-wal", "keys.db", "files/"] {
            assert!(files.iter().any(|(name, _)| name.contains(kind)), "{kind} was not searched");
        }
        for (name, bytes) in files {
            let hit =
                bytes.windows(CANARY.len()).any(|window| window.eq_ignore_ascii_case(CANARY.as_bytes()));
            assert!(!hit, "{name} holds the canary in the clear");
        }
    }
}
