//! What the store promises whoever stands on it, tried against the real engine.

use super::*;
use crate::tests::{NOTES, system, write};
use crate::{Config, Entry, Keep, Object, Owner, Step, args, testing};

/// Changes the records behind the program's back, as somebody with the disk or the server could.
pub(crate) async fn tamper(config: &Config, sql: &'static str) {
    let mut conn = config.records().options().unwrap().connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

/// Takes away what makes the engine itself refuse.
pub(crate) async fn unguard(config: &Config) {
    match config.records().dialect() {
        Dialect::Sqlite => {
            let guards = "DROP TRIGGER trail_leaf_is_never_edited; DROP TRIGGER trail_leaf_is_never_deleted";
            tamper(config, guards).await;
        }
        Dialect::Postgres => tamper(config, "ALTER TABLE trail_leaf DISABLE TRIGGER USER").await,
    }
}

/// Somebody at the disk, with all the time in the world.
pub(crate) struct Behind(AnyConnection);

impl Behind {
    pub async fn records(config: &Config) -> Behind {
        Behind(config.records().options().unwrap().connect().await.unwrap())
    }

    pub async fn keys(config: &Config) -> Behind {
        Behind(sqlite::options(&config.folder.join("keys.db")).unwrap().connect().await.unwrap())
    }

    /// One blob, by the name of its row.
    pub async fn blob(&mut self, cell: (&str, &str, &str, &str)) -> Option<Vec<u8>> {
        let (table, column, name, row) = cell;
        let sql = format!("SELECT {column} FROM {table} WHERE CAST({name} AS TEXT) = $1");
        let found = sqlx::query(AssertSqlSafe(sql)).bind(row).fetch_one(&mut self.0).await.unwrap();
        found.try_get(0).unwrap()
    }

    pub async fn put(&mut self, cell: (&str, &str, &str, &str), value: &[u8]) {
        let (table, column, name, row) = cell;
        let sql = format!("UPDATE {table} SET {column} = $1 WHERE CAST({name} AS TEXT) = $2");
        let done = sqlx::query(AssertSqlSafe(sql)).bind(value.to_vec()).bind(row);
        assert_eq!(done.execute(&mut self.0).await.unwrap().rows_affected(), 1);
    }

    pub async fn version(&mut self, note: &str, version: i64) {
        let done = sqlx::query("UPDATE note SET version = $1 WHERE id = $2").bind(version).bind(note);
        assert_eq!(done.execute(&mut self.0).await.unwrap().rows_affected(), 1);
    }

    pub async fn names(&mut self, table: &str, name: &str) -> Vec<String> {
        let sql = format!("SELECT CAST({name} AS TEXT) FROM {table}");
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.0).await.unwrap();
        rows.iter().map(|row| row.try_get(0).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let mut reader = keep.read().await.unwrap();
    let sql = "INSERT INTO note (id, version, body) VALUES ('x', 1, $1)";
    let tried = reader.rows(sql, args![vec![0]]).await;
    assert!(matches!(tried, Err(KeepError::Broken(_))));
    drop(reader);
    assert_eq!(notes(&keep).await, 0);
}

#[tokio::test]
async fn a_dropped_transaction_has_done_nothing() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    for _ in 0..20 {
        let mut tx = keep.begin().await.unwrap();
        let sql = "INSERT INTO note (id, version, body) VALUES ('x', 1, $1)";
        tx.run(sql, args![vec![0]]).await.unwrap();
        assert_eq!(tx.rows("SELECT id FROM note", args![]).await.unwrap().len(), 1);
    }
    assert_eq!(notes(&keep).await, 0);
    write(&keep, "after", Owner::Practice, "fine").await.unwrap();
    assert_eq!(notes(&keep).await, 1);
}

#[tokio::test]
async fn a_failed_statement_ends_its_transaction() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    write(&keep, "n1", Owner::Practice, "first").await.unwrap();
    let mut tx = keep.begin().await.unwrap();
    let sql = "INSERT INTO note (id, version, body) VALUES ($1, 1, $2)";
    tx.run(sql, args!["n2", vec![0]]).await.unwrap();
    let again = tx.run(sql, args!["n1", vec![0]]).await;
    assert_eq!(again, Err(KeepError::Conflict));
    let ended = tx.commit(&system(), Entry::new(Object::of("note", "n2"))).await;
    assert!(matches!(ended, Err(KeepError::Broken(_))));
    assert_eq!(notes(&keep).await, 1);
}

#[tokio::test]
async fn an_old_version_is_a_conflict() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    write(&keep, "n1", Owner::Practice, "first").await.unwrap();
    let sql = "UPDATE note SET version = version + 1 WHERE id = $1 AND version = $2";
    let mut tx = keep.begin().await.unwrap();
    tx.run_one(sql, args!["n1", 1]).await.unwrap();
    assert_eq!(tx.run_one(sql, args!["n1", 1]).await, Err(KeepError::Conflict));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_writers_at_once_all_get_their_turn() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let keep = keep.clone();
            tokio::spawn(async move {
                for n in 0..10 {
                    write(&keep, &format!("{writer}-{n}"), Owner::Practice, "text").await.unwrap();
                    keep.read().await.unwrap().rows("SELECT id FROM note", args![]).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(notes(&keep).await, 80);
    assert_eq!(crate::trail::verify(&keep).await.unwrap().size, 80);
}

#[tokio::test]
async fn every_type_of_the_portable_set_survives_and_null_stays_null() {
    const KINDS: Schema = Schema {
        owner: "kinds",
        steps: &[Step {
            number: 1,
            name: "first",
            sql: "CREATE TABLE kind (
                    id TEXT PRIMARY KEY, -- plain: id
                    n BIGINT, -- plain: number
                    r DOUBLE PRECISION, -- plain: real
                    b BYTEA, -- plain: bytes
                    t TEXT -- plain: text
                  );",
        }],
    };
    let (keep, _) = testing::keep(&[KINDS]).await;
    let mut tx = keep.begin().await.unwrap();
    let sql = "INSERT INTO kind (id, n, r, b, t) VALUES ($1, $2, $3, $4, $5)";
    tx.run(sql, args!["full", i64::MAX, 0.5, vec![0, 255], "ñ"]).await.unwrap();
    tx.run(sql, args!["none", None::<i64>, None::<f64>, None::<Vec<u8>>, None::<&str>]).await.unwrap();
    tx.run(sql, args!["empty", i64::MIN, -1.0, Vec::new(), ""]).await.unwrap();
    let sql = "SELECT n, r, b, t, CAST(sum(n) OVER () AS BIGINT) AS total FROM kind WHERE id = $1";
    let full = tx.row(sql, args!["full"]).await.unwrap().unwrap();
    assert_eq!((full.int("n").unwrap(), full.real("r").unwrap()), (i64::MAX, 0.5));
    assert_eq!((full.blob("b").unwrap(), full.text("t").unwrap()), (&[0, 255][..], "ñ"));
    assert_eq!(full.int("total").unwrap(), i64::MAX);
    let none = tx.row(sql, args!["none"]).await.unwrap().unwrap();
    assert_eq!((none.opt_int("n"), none.opt_blob("b"), none.opt_text("t")), (Ok(None), Ok(None), Ok(None)));
    let empty = tx.row(sql, args!["empty"]).await.unwrap().unwrap();
    assert_eq!((empty.blob("b").unwrap(), empty.text("t").unwrap()), (&[][..], ""));
    assert_eq!(empty.text("n"), Err(KeepError::Shape("n")));
    assert_eq!(empty.int("missing"), Err(KeepError::Shape("missing")));
    assert!(matches!(tx.run(sql, args!["a\0b"]).await, Err(KeepError::Shape(_))));
}

#[test]
fn a_column_without_a_class_is_refused() {
    let of = |sql: &'static str| {
        let steps: &'static [Step] = Box::leak(Box::new([Step { number: 1, name: "first", sql }]));
        register(&[Schema { owner: "x", steps }])
    };
    assert!(of("CREATE TABLE x (\n id TEXT\n);").is_err());
    assert!(of("CREATE TABLE x (\n id TEXT -- secret: what\n);").is_err());
    assert!(of("CREATE TABLE x (\n name TEXT -- sealed: what\n);").is_err());
    let good = of("CREATE TABLE IF NOT EXISTS x (\n id TEXT, -- plain: id\n PRIMARY KEY (id)\n);
                   ALTER TABLE x ADD COLUMN name BYTEA; -- sealed: name, as long as the chart");
    let good = good.unwrap();
    assert_eq!(good.class("x", "name"), Some(Class::Sealed));
    assert_eq!(good.class("x", "other"), None);
    assert_eq!(good.row_name("x"), Some("id"));
    assert_eq!(good.columns().count(), 2);
}

#[tokio::test]
async fn a_live_column_that_is_not_registered_keeps_the_practice_shut() {
    let temp = testing::TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    keep.close().await;
    drop(keep);
    tamper(&temp.config(), "ALTER TABLE note ADD COLUMN diagnosis TEXT").await;
    let refused = temp.open(&[NOTES]).await.err().unwrap();
    assert!(refused.to_string().contains("note.diagnosis"), "{refused}");
}

#[tokio::test]
async fn an_edited_step_and_an_older_program_are_refused() {
    const EDITED: Schema = Schema {
        owner: "notes",
        steps: &[Step { number: 1, name: "first", sql: "CREATE TABLE other (\n id TEXT -- plain: id\n);" }],
    };
    let temp = testing::TempFolder::new();
    temp.open(&[NOTES]).await.unwrap().close().await;
    assert!(temp.open(&[EDITED]).await.err().unwrap().to_string().contains("was edited"));
    let older = Schema { owner: "notes", steps: &[] };
    assert!(temp.open(&[older]).await.err().unwrap().to_string().contains("newer than this program"));
}

#[tokio::test]
async fn two_programs_on_one_folder_are_one_too_many() {
    let temp = testing::TempFolder::new();
    let first = temp.open(&[]).await.unwrap();
    assert!(temp.open(&[]).await.err().unwrap().to_string().contains("another program"));
    first.close().await;
    drop(first);
    temp.open(&[]).await.unwrap();
}

async fn notes(keep: &Keep) -> usize {
    keep.read().await.unwrap().rows("SELECT id FROM note", args![]).await.unwrap().len()
}

/// The one write without an entry cannot become a way around the trail.
#[tokio::test]
async fn a_sign_of_life_is_raised_without_an_entry_and_nothing_else_is() {
    let beats = Schema {
        owner: "beats",
        steps: &[Step {
            number: 1,
            name: "first",
            sql: "CREATE TABLE beat (
                    id TEXT PRIMARY KEY, -- plain: random id
                    due_at BIGINT NOT NULL, -- plain: Unix milliseconds
                    seen_at BIGINT NOT NULL -- state: Unix milliseconds
                  );",
        }],
    };
    let (keep, clock) = testing::keep(&[beats]).await;
    let start = keep.clock().now().0;
    let mut tx = keep.begin().await.unwrap();
    let later = start + 60_000;
    tx.run("INSERT INTO beat (id, due_at, seen_at) VALUES ('a', 0, 0), ('b', 0, $1)", args![later])
        .await
        .unwrap();
    tx.commit(&system(), Entry::new(Object::of("beat", "a"))).await.unwrap();
    clock.advance_ms(1);
    keep.alive("beat", "seen_at", &["a".into(), "b".into(), "x' OR 'a".into()]).await.unwrap();
    let rows = keep.read().await.unwrap().rows("SELECT due_at, seen_at FROM beat ORDER BY id", args![]).await;
    let rows = rows.unwrap();
    assert_eq!([rows[0].int("seen_at"), rows[1].int("seen_at")], [Ok(start + 1), Ok(later)]);
    for column in ["due_at", "id", "seen_at = 0, due_at", "nothing"] {
        assert!(
            matches!(keep.alive("beat", column, &["a".into()]).await, Err(KeepError::Shape(_))),
            "{column}"
        );
    }
    assert_eq!(rows[0].int("due_at"), Ok(0));
    assert_eq!(crate::trail::verify(&keep).await.unwrap().size, 1);
}

/// What holds of SQLite's files alone.
mod in_files {
    use super::*;

    #[tokio::test]
    async fn every_connection_is_as_careful_as_promised() {
        let (keep, _) = testing::keep(&[]).await;
        let careful = "SELECT (SELECT foreign_keys FROM pragma_foreign_keys) AS keys,
            (SELECT synchronous FROM pragma_synchronous) AS sync,
            (SELECT journal_mode FROM pragma_journal_mode) AS journal,
            (SELECT secure_delete FROM pragma_secure_delete) AS wiped,
            (SELECT trusted_schema FROM pragma_trusted_schema) AS trusted,
            (SELECT query_only FROM pragma_query_only) AS reads";
        let mut reader = keep.read().await.unwrap();
        let mut writer = keep.begin().await.unwrap();
        for (conn, reads) in [(&mut *reader, 1), (&mut **writer, 0)] {
            let row = conn.row(careful, args![]).await.unwrap().unwrap();
            let all = ["keys", "sync", "wiped", "trusted", "reads"].map(|name| row.int(name).unwrap());
            assert_eq!(all, [1, 2, 1, 0, reads]);
            assert_eq!(row.text("journal"), Ok("wal"));
        }
    }
}
