//! Whoever edits a row behind the program's back is found, whatever the column and whatever happens to the
//! row afterwards; and what acts did is never called an edit.

use crate::testing::{self, behind};
use crate::tests::system;
use crate::trail::{Deep, Spot, verify_deep};
use crate::*;

/// Every kind of column, and a table whose rows are named by bytes.
const BADGES: Schema = Schema {
    owner: "badges",
    steps: &[Step {
        number: 1,
        name: "first",
        sql: "CREATE TABLE badge (
                id TEXT PRIMARY KEY, -- plain: random id
                person TEXT NOT NULL, -- plain: whose
                ends_at BIGINT, -- plain: Unix milliseconds
                share DOUBLE PRECISION, -- plain: a real number
                tag BYTEA, -- blind: exact match
                seen_at BIGINT NOT NULL -- state: Unix milliseconds
              );
              CREATE TABLE code (
                code_index BYTEA PRIMARY KEY, -- blind: the code is kept nowhere
                person TEXT NOT NULL -- plain: whose
              );",
    }],
};

async fn furnished() -> Keep {
    let (keep, _) = testing::keep(&[BADGES]).await;
    let mut tx = keep.begin().await.unwrap();
    for row in ["a", "b", "c"] {
        let sql =
            "INSERT INTO badge (id, person, ends_at, share, tag, seen_at) VALUES ($1, $2, 5, 0.5, $3, 0)";
        tx.run(sql, args![row, format!("é:{row};"), vec![0, 255]]).await.unwrap();
        let sql = "INSERT INTO code (code_index, person) VALUES ($1, $2)";
        tx.run(sql, args![row.as_bytes(), row]).await.unwrap();
    }
    commit(tx).await;
    keep
}

async fn commit(tx: Tx) {
    tx.commit(&system(), Entry::new(Object::of("badge", ""))).await.unwrap();
}

async fn deep(keep: &Keep) -> Deep {
    verify_deep(keep).await.unwrap()
}

fn row(table: &str, row: &str) -> Spot {
    Spot { table: table.into(), column: String::new(), row: row.into() }
}

/// R27 (part: one column of each kind, one at a time; the rest of the product in `alcove`).
#[tokio::test]
async fn an_edit_of_any_kind_of_column_is_found_and_named() {
    let keep = furnished().await;
    assert_eq!((deep(&keep).await.rows, deep(&keep).await.is_whole()), (6, true));
    for (edit, undo) in [
        ("person = 'owner'", "person = 'é:a;'"),
        ("person = ''", "person = 'é:a;'"),
        ("ends_at = 6", "ends_at = 5"),
        ("ends_at = NULL", "ends_at = 5"),
        ("share = 0.25", "share = 0.5"),
        ("tag = NULL", "tag = (SELECT tag FROM badge WHERE id = 'b')"),
    ] {
        behind(&keep, format!("UPDATE badge SET {edit} WHERE id = 'a'")).await.unwrap();
        let found = deep(&keep).await;
        assert_eq!((found.altered.clone(), found.rows), (vec![row("badge", "a")], 5), "{edit}");
        assert_eq!(found.altered[0].to_string(), "badge, the row a");
        behind(&keep, format!("UPDATE badge SET {undo} WHERE id = 'a'")).await.unwrap();
        assert!(deep(&keep).await.is_whole(), "{undo}");
    }
    behind(&keep, "UPDATE badge SET id = 'd' WHERE id = 'b'; DELETE FROM badge WHERE id = 'c'".into())
        .await
        .unwrap();
    behind(&keep, "UPDATE code SET person = 'owner' WHERE person = 'a'".into()).await.unwrap();
    let found = deep(&keep).await;
    assert_eq!(found.altered, [row("code", "61")]);
    assert_eq!(found.unknown, [row("badge", "d")]);
    assert_eq!(found.gone, [row("badge", "b"), row("badge", "c")]);
}

/// The columns of two rows cannot be cut otherwise and read the same.
#[tokio::test]
async fn what_a_row_says_is_said_by_no_other() {
    let keep = furnished().await;
    let cut = "UPDATE badge SET person = 'é:a;person=0:;', ends_at = NULL WHERE id = 'a'";
    behind(&keep, cut.into()).await.unwrap();
    assert_eq!(deep(&keep).await.altered, [row("badge", "a")]);
}

/// R27 (part: an edit stays found): what an act does to the row afterwards does not cover it.
#[tokio::test]
async fn an_edit_shows_even_after_an_act_has_changed_the_row_again() {
    let keep = furnished().await;
    behind(&keep, "UPDATE badge SET person = 'owner' WHERE id = 'a'".into()).await.unwrap();
    let planted = "INSERT INTO badge (id, person, seen_at) VALUES ('z', 'owner', 0)";
    behind(&keep, planted.into()).await.unwrap();
    behind(&keep, "DELETE FROM badge WHERE id = 'c'".into()).await.unwrap();
    let mut tx = keep.begin().await.unwrap();
    tx.run("UPDATE badge SET ends_at = 9", args![]).await.unwrap();
    tx.run("DELETE FROM badge WHERE id = 'z'", args![]).await.unwrap();
    let sql = "INSERT INTO badge (id, person, seen_at) VALUES ('c', 'again', 0)";
    tx.run(sql, args![]).await.unwrap();
    commit(tx).await;
    let found = deep(&keep).await;
    assert_eq!(found.altered, ["a", "c", "z"].map(|name| row("badge", name)));
    assert_eq!((found.unknown, found.gone), (vec![], vec![]));
}

/// The other direction: no act is taken for an edit.
#[tokio::test]
async fn what_acts_do_and_what_never_happened_are_no_edits() {
    let keep = furnished().await;
    let mut tx = keep.begin().await.unwrap();
    tx.run("UPDATE badge SET ends_at = ends_at + 1", args![]).await.unwrap();
    tx.run("UPDATE badge SET ends_at = ends_at - 1", args![]).await.unwrap();
    tx.run("DELETE FROM code WHERE person = 'b'", args![]).await.unwrap();
    let sql = "INSERT INTO code (code_index, person) VALUES ($1, $2)";
    tx.run(sql, args![vec![7], "gone again"]).await.unwrap();
    tx.run("DELETE FROM code WHERE person = 'gone again'", args![]).await.unwrap();
    let sql = "INSERT INTO badge (id, person, seen_at) VALUES ('a', 'upsert', 0)
               ON CONFLICT (id) DO UPDATE SET person = excluded.person, ends_at = NULL";
    tx.run(sql, args![]).await.unwrap();
    commit(tx).await;
    let mut dropped = keep.begin().await.unwrap();
    dropped.run("UPDATE badge SET person = 'nobody'", args![]).await.unwrap();
    drop(dropped);
    keep.alive("badge", "seen_at", &["a".into()]).await.unwrap();
    let mut settings = Settings::clone(&keep.settings());
    settings.face.name = "Lindenstraße".into();
    let mut tx = keep.begin().await.unwrap();
    tx.save_settings(&settings).await.unwrap();
    commit(tx).await;
    let found = deep(&keep).await;
    assert!(found.is_whole(), "{found:?}");
    assert_eq!(found.rows, 6);
    let loosen = "UPDATE settings SET house_rules = replace(house_rules, 'true', 'false')";
    behind(&keep, loosen.into()).await.unwrap();
    assert_eq!(deep(&keep).await.altered, [row("settings", "practice")]);
}

/// A row whose only change was put into words nobody committed is not carried into the next act.
#[tokio::test]
async fn a_sign_of_life_covers_no_edit() {
    let (keep, clock) = testing::keep(&[BADGES]).await;
    let mut tx = keep.begin().await.unwrap();
    tx.run("INSERT INTO badge (id, person, seen_at) VALUES ('a', 'ann', 0)", args![]).await.unwrap();
    commit(tx).await;
    behind(&keep, "UPDATE badge SET person = 'owner'".into()).await.unwrap();
    clock.advance_ms(60_000);
    keep.alive("badge", "seen_at", &["a".into()]).await.unwrap();
    commit(keep.begin().await.unwrap()).await;
    assert_eq!(deep(&keep).await.altered, [row("badge", "a")]);
}
