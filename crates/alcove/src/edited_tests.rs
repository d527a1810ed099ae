//! Somebody with the disk edits a furnished practice, one column of one row at a time: who may what, who owns
//! which key, until when. `alcove trail verify --deep` names every one of them, and calls no act an edit.

use crate::house;
use crate::sweep::{callers, program, target};
use crate::tests::Practice;
use keep::store::{Class, Null, Register, register};
use keep::testing::behind;
use keep::trail::{Spot, verify_deep};
use keep::{Entry, Object, Owner, Place, args};
use vocabulary::{PatientId, PersonId};

/// Tables that a furnished practice has rows in; fewer would show less than is claimed.
const TABLES_AT_LEAST: usize = 12;
const COLUMNS_AT_LEAST: usize = 96;

/// R27: a direct edit of the database shows as tampered: every readable column of every table in which a
/// furnished practice has something, a row taken out, and in each other table a row put in. (Sealed values,
/// files and the trail itself: `keep`.)
#[tokio::test]
async fn a_direct_edit_of_any_column_shows_and_no_act_does() {
    let practice = furnished().await;
    let deep = verify_deep(&practice.keep).await.unwrap();
    assert!(deep.is_whole() && deep.rows > 100, "{deep:?}");
    let register = register(&house::schemas()).unwrap();
    let (mut tables, mut columns, mut planted) = (0, 0, 0);
    for table in names(&register) {
        let mine: Vec<_> = register.columns().filter(|(of, ..)| *of == table).collect();
        let name = register.row_name(&table).unwrap().to_owned();
        let all = mine.iter().map(|(_, column, _)| *column).collect::<Vec<_>>().join(", ");
        let edit = |sql: &str| {
            let one = format!("(SELECT min({name}) FROM kept_aside)");
            behind(&practice.keep, sql.replace("{one}", &one).replace("{all}", &all))
        };
        edit(&format!("CREATE TABLE kept_aside AS SELECT {{all}} FROM {table}")).await.unwrap();
        let rows = practice.keep.read().await.unwrap().rows("SELECT 1 AS one FROM kept_aside", args![]).await;
        if rows.unwrap().is_empty() {
            let made_up = mine.iter().map(|(_, _, about)| match about.kind {
                Null::Int => "1",
                Null::Text => "'planted'",
                Null::Real => "0.5",
                Null::Blob => "(SELECT frontier FROM trail_head)",
            });
            let values = made_up.collect::<Vec<_>>().join(", ");
            edit(&format!("INSERT INTO {table} ({{all}}) VALUES ({values})")).await.unwrap();
            let found = verify_deep(&practice.keep).await.unwrap();
            let named = found.unknown.iter().filter(|spot| spot.table == table && spot.column.is_empty());
            assert_eq!(named.count(), 1, "{table}: {found:?}");
            edit(&format!("DELETE FROM {table}; DROP TABLE kept_aside")).await.unwrap();
            planted += 1;
            continue;
        }
        tables += 1;
        let read = |class| matches!(class, Class::Plain | Class::Blind);
        for (_, column, about) in
            mine.iter().filter(|(_, column, about)| *column != name && read(about.class))
        {
            let other = match about.kind {
                Null::Int => format!("coalesce({column}, 0) + 1"),
                Null::Text => format!("coalesce({column}, '') || 'x'"),
                Null::Real => format!("coalesce({column}, 0) + 0.5"),
                Null::Blob => "(SELECT frontier FROM trail_head)".to_owned(),
            };
            edit(&format!("UPDATE {table} SET {column} = {other} WHERE {name} = {{one}}")).await.unwrap();
            let found = verify_deep(&practice.keep).await.unwrap();
            let named = found.altered.iter().all(|spot| spot.table == table && spot.column.is_empty());
            assert!(found.altered.len() == 1 && named, "{table}.{column}: {found:?}");
            let back = format!("(SELECT {column} FROM kept_aside WHERE {name} = {{one}})");
            edit(&format!("UPDATE {table} SET {column} = {back} WHERE {name} = {{one}}")).await.unwrap();
            columns += 1;
        }
        edit(&format!("DELETE FROM {table} WHERE {name} = {{one}}")).await.unwrap();
        let found = verify_deep(&practice.keep).await.unwrap();
        let gone = |spot: &&Spot| spot.table == table && spot.column.is_empty();
        assert_eq!(found.gone.iter().filter(gone).count(), 1, "{table}: {found:?}");
        edit(&format!(
            "INSERT INTO {table} ({{all}}) SELECT {{all}} FROM kept_aside WHERE {name} = {{one}};
             DROP TABLE kept_aside"
        ))
        .await
        .unwrap();
        assert!(verify_deep(&practice.keep).await.unwrap().is_whole(), "{table} is what it was");
    }
    assert!(tables >= TABLES_AT_LEAST && columns >= COLUMNS_AT_LEAST, "{tables} tables, {columns} columns");
    assert_eq!(tables + planted, names(&register).len(), "every table there is");
}

/// R27 (part: by name): what somebody would edit to come in, or to stay.
#[tokio::test]
async fn whoever_lets_themselves_in_with_an_editor_is_named() {
    let practice = furnished().await;
    let (desk, osei) = (practice.person("desk").text(), practice.person("owner").text());
    for (edit, table) in [
        (format!("UPDATE person SET roles = 'owner clinician' WHERE id = '{desk}'"), "person"),
        ("UPDATE person SET state = 'active' WHERE state = 'suspended'".into(), "person"),
        (format!("UPDATE passkey SET person = '{osei}' WHERE person = '{desk}'"), "passkey"),
        (format!("UPDATE care_team SET person = '{desk}' WHERE person = '{osei}'"), "care_team"),
        ("UPDATE representative SET ends_at = ends_at + 1".into(), "representative"),
        ("UPDATE session SET ends_at = ends_at + 1 WHERE kind = 'patient'".into(), "session"),
        ("UPDATE settings SET house_rules = replace(house_rules, 'true', 'false')".into(), "settings"),
    ] {
        behind(&practice.keep, edit.clone()).await.unwrap();
        let found = verify_deep(&practice.keep).await.unwrap();
        assert!(found.altered.iter().any(|spot| spot.table == table), "{edit}: {found:?}");
    }
    let planted = "INSERT INTO care_team (id, patient, person, approver, since, confirmed_by, confirmed_at,
                       ends_at, version)
                   SELECT 'planted', patient, person, approver, since, confirmed_by, confirmed_at, ends_at,
                       version FROM care_team LIMIT 1";
    behind(&practice.keep, planted.into()).await.unwrap();
    behind(&practice.keep, "DELETE FROM break_glass_review; DELETE FROM login".into()).await.unwrap();
    let found = verify_deep(&practice.keep).await.unwrap();
    assert!(found.unknown.iter().any(|spot| spot.row == "planted"), "{found:?}");
}

fn names(register: &Register) -> Vec<String> {
    let mut names: Vec<String> = register.columns().map(|(table, ..)| table.to_owned()).collect();
    names.dedup();
    names.retain(|table| !table.starts_with("trail_"));
    names
}

/// The demo's practice, with somebody of each kind signed in, a passkey and somebody who acts for a patient.
async fn furnished() -> Practice {
    let practice = Practice::open().await;
    let target = target(&practice).await;
    callers(&practice).await;
    passkey(&practice, practice.person("desk")).await;
    acts_for(&practice, target.patient, practice.person("owner")).await;
    practice
}

async fn passkey(practice: &Practice, person: PersonId) {
    let mut tx = practice.keep.begin().await.unwrap();
    let place = Place { table: "passkey", column: "record", row: "key", version: 1, owner: Owner::Practice };
    let record = tx.seal(&place, b"public key and counters").unwrap();
    let sql = "INSERT INTO passkey (id, person, credential_index, record, made_at, version)
               VALUES ('key', $1, $2, $3, 1, 1)";
    tx.run(sql, args![person, vec![1, 2], record]).await.unwrap();
    tx.commit(&program(None), Entry::new(Object::of("passkey", "key"))).await.unwrap();
}

async fn acts_for(practice: &Practice, patient: PatientId, seen_by: PersonId) {
    let mut tx = practice.keep.begin().await.unwrap();
    let owner = Owner::Patient(patient);
    let place = Place { table: "representative", column: "name", row: "father", version: 1, owner };
    let name = tx.seal(&place, b"a name").unwrap();
    let sql =
        "INSERT INTO representative (id, patient, authority, name, identity, evidence, seen_by, seen_at,
                   scope, begins_at, ends_at)
               VALUES ('father', $1, 'parent', $2, 'known', 'birth_certificate', $3, 1, 'chart', 1, 2)";
    tx.run(sql, args![patient, name, seen_by]).await.unwrap();
    let entry = Entry::new(Object::of("representative", "father").patient(patient));
    tx.commit(&program(Some(patient)), entry).await.unwrap();
}
