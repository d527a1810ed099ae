//! Whoever holds the disk can change anything; the trail must show it.

use super::entry::Outcome;
use super::*;
use crate::store::tests::{tamper, unguard};
use crate::testing::TempFolder;
use crate::tests::{NOTES, clinician, patient, system, write};
use crate::{Keep, KeepError, Owner, args, testing};
use policy::Act;
use vocabulary::Principal;

/// A practice with five entries that was closed, changed behind its back, and opened again.
async fn after(change: &'static str) -> Result<Verified, TrailError> {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let ann = patient(&keep);
    for n in 0..5 {
        write(&keep, &format!("n{n}"), Owner::Patient(ann), "text").await.unwrap();
    }
    assert_eq!(verify(&keep).await.unwrap().size, 5);
    keep.close().await;
    drop(keep);
    unguard(&temp.config()).await;
    tamper(&temp.config(), change).await;
    let keep = temp.open(&[NOTES]).await.unwrap();
    verify(&keep).await
}

#[tokio::test]
async fn an_untouched_trail_verifies_after_a_restart() {
    assert_eq!(after("SELECT 1").await.unwrap().size, 5);
}

/// R37: removing one event breaks verification.
#[tokio::test]
async fn a_deleted_entry_shows() {
    assert_eq!(after("DELETE FROM trail_leaf WHERE idx = 2").await, Err(TrailError::Missing(2)));
    let closed_up = "DELETE FROM trail_leaf WHERE idx = 2;
                     UPDATE trail_leaf SET idx = idx - 1 WHERE idx = 3;
                     UPDATE trail_leaf SET idx = idx - 1 WHERE idx = 4";
    assert_eq!(after(closed_up).await, Err(TrailError::Altered(2)));
}

#[tokio::test]
async fn an_edited_entry_shows_whichever_part_was_edited() {
    for edit in [
        "UPDATE trail_leaf SET body = substr(body, 1, 2) WHERE idx = 1",
        "UPDATE trail_leaf SET body = (SELECT body FROM trail_leaf WHERE idx = 3) WHERE idx = 1",
        "UPDATE trail_leaf SET at = at + 1 WHERE idx = 1",
        "UPDATE trail_leaf SET owner = 'practice' WHERE idx = 1",
        "UPDATE trail_leaf SET touched = substr(touched, 1, 0) WHERE idx = 1",
        "UPDATE trail_leaf SET said = hash WHERE idx = 1",
        "UPDATE trail_leaf SET hash = said WHERE idx = 1",
    ] {
        assert_eq!(after(edit).await, Err(TrailError::Altered(1)), "{edit}");
    }
}

#[tokio::test]
async fn a_truncated_trail_shows() {
    assert_eq!(after("DELETE FROM trail_leaf WHERE idx = 4").await, Err(TrailError::Missing(4)));
    let with_its_head = "DELETE FROM trail_leaf WHERE idx = 4; UPDATE trail_head SET size = 4,
        frontier = (SELECT substr(frontier, 1, 32) FROM trail_head)";
    assert_eq!(after(with_its_head).await, Err(TrailError::Signature));
    assert_eq!(after("DELETE FROM trail_head").await, Err(TrailError::Signature));
}

#[tokio::test]
async fn an_inserted_entry_shows() {
    let copy = "INSERT INTO trail_leaf (idx, at, owner, body, touched, said, hash)
                SELECT 5, at, owner, body, touched, said, hash FROM trail_leaf WHERE idx = 4";
    assert_eq!(after(copy).await, Err(TrailError::Inserted(5)));
}

#[tokio::test]
async fn swapped_entries_show() {
    let swap = "UPDATE trail_leaf SET idx = 100 WHERE idx = 1; UPDATE trail_leaf SET idx = 1 WHERE idx = 2;
                UPDATE trail_leaf SET idx = 2 WHERE idx = 100";
    assert_eq!(after(swap).await, Err(TrailError::Altered(1)));
}

#[tokio::test]
async fn a_checkpoint_signed_by_nobody_shows() {
    assert_eq!(after("UPDATE trail_head SET signature = root").await, Err(TrailError::Signature));
    assert_eq!(after("UPDATE trail_head SET at = at + 1").await, Err(TrailError::Signature));
    assert_eq!(after("UPDATE trail_head SET epoch = 2").await, Err(TrailError::Signature));
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_trail() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    write(&keep, "n1", Owner::Practice, "text").await.unwrap();
    for sql in ["UPDATE trail_leaf SET at = 0", "DELETE FROM trail_leaf"] {
        let mut tx = keep.begin().await.unwrap();
        assert!(matches!(tx.run(sql, args![]).await, Err(KeepError::Broken(_))));
    }
    verify(&keep).await.unwrap();
}

#[tokio::test]
async fn a_trail_put_back_while_the_program_runs_shows() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    write(&keep, "n1", Owner::Practice, "text").await.unwrap();
    let head = Head::load(&mut keep.read_conn().await.unwrap()).await.unwrap().unwrap();
    let mut longer = head.clone();
    longer.tree.push([7; 32]);
    keep.saw_trail(&longer);
    assert_eq!(verify(&keep).await, Err(TrailError::RolledBack));
}

/// R27 (part: every sealed value; `verify_deep` names the place that was edited, rolled back or put in).
#[tokio::test]
async fn edited_rolled_back_and_planted_values_show() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    for row in ["n1", "n2", "n3"] {
        write(&keep, row, Owner::Practice, "text").await.unwrap();
    }
    let mut tx = keep.begin().await.unwrap();
    let sealed = tx.seal_text(&crate::tests::body("n2", 1, Owner::Practice), "newer").unwrap();
    tx.run("CREATE TABLE stash AS SELECT body FROM note WHERE id = 'n2'", args![]).await.unwrap();
    tx.run("UPDATE note SET body = $1 WHERE id = 'n2'", args![sealed]).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("note", "n2"))).await.unwrap();
    let before = verify_deep(&keep).await.unwrap();
    assert_eq!((before.whole, before.altered.len(), before.unknown.len(), before.gone.len()), (3, 0, 0, 0));

    let change = "UPDATE note SET body = (SELECT body FROM stash) WHERE id = 'n2'; DROP TABLE stash;
                  INSERT INTO note (id, version, body) SELECT 'n9', 1, body FROM note WHERE id = 'n1';
                  DELETE FROM note WHERE id = 'n3'";
    tamper(&temp.config(), change).await;
    let deep = verify_deep(&keep).await.unwrap();
    let spot =
        |row: &str, column: &str| Spot { table: "note".into(), column: column.into(), row: row.into() };
    assert_eq!((deep.whole, deep.rows), (1, 2));
    assert_eq!(deep.altered, [spot("n2", "body")]);
    assert_eq!(deep.unknown, [spot("n9", "body"), spot("n9", "")]);
    assert_eq!(deep.gone, [spot("n3", ""), spot("n3", "body")]);
}

/// R40: no entry is deleted or changed before its term, nor after it: the engine refuses whoever asks, and
/// the end of a patient's keys leaves what was done with the record readable.
#[tokio::test]
async fn an_entry_can_be_neither_deleted_nor_changed() {
    let (keep, clock) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    write(&keep, "n1", Owner::Patient(ann), "text").await.unwrap();
    for years in [0, 5, 7] {
        clock.advance_ms(years * 365 * vocabulary::DAY_MS);
        for change in [
            "DELETE FROM trail_leaf",
            "DELETE FROM trail_leaf WHERE idx = 0",
            "UPDATE trail_leaf SET at = 0",
            "UPDATE trail_leaf SET owner = 'practice' WHERE idx = 0",
        ] {
            let mut tx = keep.begin().await.unwrap();
            assert!(tx.run(change, args![]).await.is_err(), "{change} after {years} years");
        }
    }
    let access = policy::decide(&Principal::System, &policy::Facts::default(), Act::ShredKeys).unwrap();
    let order = crate::Shredding { patient: ann, by: "uid 0", why: "the term of the chart is over" };
    keep.begin().await.unwrap().shred(&access, order).await.unwrap();
    let told = read(&keep, Search { limit: 9, before: None, patient: Some(ann) }).await;
    assert!(told.iter().any(|body| body.object_id == "n1"), "the trail outlives the chart");
    assert!(verify(&keep).await.is_ok());
}

/// R35 (part: opening leaves an entry, and so does a refused attempt; the slices prove it for their pages).
#[tokio::test]
async fn a_view_and_a_refusal_are_in_the_trail() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    keep.view(&access, Object::of("patient", ann.text())).await.unwrap();
    let object = Object::of("patient", ann.text()).patient(ann);
    keep.refused(&Principal::Anonymous, Act::OpenChart, object, "SignIn").await.unwrap();
    let found = read(&keep, Search { limit: 10, patient: Some(ann), before: None }).await;
    let [refused, seen] = &found[..] else { panic!("two entries") };
    assert_eq!(
        (seen.act.as_str(), seen.outcome, seen.grounds.as_str()),
        ("chart.open", Outcome::Done, "care_team")
    );
    assert_eq!((seen.who.kind.as_str(), seen.who.standing.as_str()), ("staff", "clinician"));
    assert!(!seen.who.session.is_empty() && seen.patient == Some(ann) && seen.object == "patient");
    assert_eq!((refused.outcome, refused.who.kind.as_str()), (Outcome::Refused, "anonymous"));
    assert_eq!(refused.details["why"], "SignIn");
}

#[tokio::test]
async fn pages_of_the_trail_follow_each_other() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let (ann, bob) = (patient(&keep), patient(&keep));
    for n in 0..6 {
        let of = if n % 2 == 0 { ann } else { bob };
        let mut tx = keep.begin().await.unwrap();
        tx.hint(crate::Hint::Outbox);
        let entry = Entry::new(Object::of("note", n.to_string()).patient(of).version(n));
        assert_eq!(tx.commit(&system(), entry).await, Ok(n as u64));
    }
    let ids = |found: Vec<Body>| found.into_iter().map(|body| body.object_id).collect::<Vec<_>>();
    assert_eq!(ids(read(&keep, Search { limit: 2, ..Search::default() }).await), ["5", "4"]);
    assert_eq!(ids(read(&keep, Search { limit: 2, before: Some(4), patient: None }).await), ["3", "2"]);
    assert_eq!(
        ids(read(&keep, Search { limit: 9, before: None, patient: Some(bob) }).await),
        ["5", "3", "1"]
    );
}

#[tokio::test]
async fn a_search_finds_by_person_act_and_time_and_says_where_to_go_on() {
    let (keep, clock) = testing::keep(&[NOTES]).await;
    let ann = patient(&keep);
    let doctor = clinician(keep.entropy(), ann, Act::OpenChart);
    let start = keep.clock().now();
    for n in 0..6 {
        clock.advance_ms(60_000);
        let access = if n % 3 == 0 { &doctor } else { &system() };
        let entry = Entry::new(Object::of("note", n.to_string()).patient(ann));
        keep.begin().await.unwrap().commit(access, entry).await.unwrap();
    }
    let Principal::Staff { person, .. } = doctor.who() else { panic!("a colleague") };
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    let mut viewing = crate::Viewing::new(keep.clone(), keep.read_conn().await.unwrap());
    let mut ids = async |filter: Filter, limit, before| {
        let asked = Search { patient: Some(ann), limit, before };
        let found = search(&mut viewing, &access, asked, &filter).await.unwrap();
        let ids = found.events.into_iter().map(|event| event.index).collect::<Vec<_>>();
        (ids, found.next)
    };
    let by_doctor = || Filter { actor: Some(person.text()), ..Filter::default() };
    assert_eq!(ids(by_doctor(), 9, None).await, (vec![3, 0], None));
    assert_eq!(ids(by_doctor(), 1, None).await, (vec![3], Some(3)));
    assert_eq!(ids(by_doctor(), 1, Some(3)).await, (vec![0], Some(0)));
    let opened = Filter { act: Some("chart.open".into()), ..Filter::default() };
    assert_eq!(ids(opened, 9, None).await, (vec![3, 0], None));
    let (from, until) = (Some(start.plus_ms(120_000)), Some(start.plus_ms(240_000)));
    assert_eq!(ids(Filter { from, until, ..Filter::default() }, 9, None).await, (vec![3, 2, 1], None));
}

#[tokio::test]
async fn a_proof_about_one_patient_reads_no_other_patients_trail() {
    let (keep, _) = testing::keep(&[]).await;
    let (ann, bob) = (patient(&keep), patient(&keep));
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("trail", "search")).await.unwrap();
    for asked in [Some(bob), None] {
        let search = Search { patient: asked, limit: 5, before: None };
        assert_eq!(entries(&mut viewing, &access, search).await, Err(KeepError::Proof));
    }
}

#[tokio::test]
async fn several_acts_in_one_transaction_have_an_entry_each() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let mut tx = keep.begin().await.unwrap();
    tx.note(&system(), Entry::new(Object::of("note", "a")));
    tx.note(&system(), Entry::new(Object::of("note", "b")).outcome(Outcome::Failed));
    assert_eq!(tx.commit(&system(), Entry::new(Object::of("note", "c"))).await, Ok(2));
    assert_eq!(verify(&keep).await.unwrap().size, 3);
}

async fn read(keep: &Keep, search: Search) -> Vec<Body> {
    let who = Principal::Staff {
        person: vocabulary::PersonId::new(keep.clock().now(), keep.entropy()),
        session: vocabulary::SessionId::new(keep.clock().now(), keep.entropy()),
        roles: vocabulary::Roles::NONE.with(vocabulary::Role::PrivacyOfficial),
    };
    let access = policy::decide(&who, &policy::Facts::default(), Act::ReadTrail).unwrap();
    let mut viewing = crate::Viewing::new(keep.clone(), keep.read_conn().await.unwrap());
    let found = entries(&mut viewing, &access, search).await.unwrap();
    found.into_iter().map(|event| event.body.unwrap()).collect()
}

/// What holds of SQLite's files alone: a server refuses a value of another kind.
mod in_files {
    use super::*;

    #[tokio::test]
    async fn a_value_of_another_kind_shows() {
        let edit = "UPDATE trail_leaf SET at = 'noon' WHERE idx = 1";
        assert_eq!(after(edit).await, Err(TrailError::Altered(1)));
    }
}
