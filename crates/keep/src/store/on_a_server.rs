//! What only a server can do to the records: hang up, let somebody else in, be the wrong one. Of the runner's
//! profile `postgres` alone: elsewhere there is no server, and these do nothing.

use super::postgres::Server;
use super::tests::tamper;
use super::*;
use crate::testing::{DATABASE, START, TempFolder};
use crate::tests::{NOTES, write};
use crate::{Config, Owner, args, trail};
use sqlx::AssertSqlSafe;
use std::time::Duration;
use vocabulary::testing::{TestClock, TestEntropy};

/// The server itself, or nothing.
fn server() -> Option<Server> {
    std::env::var(DATABASE).ok().map(|address| Server::parse(&address).unwrap())
}

async fn tell(server: &Server, sql: String) {
    sqlx::any::install_default_drivers();
    let mut conn = server.options().unwrap().connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

async fn refusal(server: &Server) -> String {
    let clock = Arc::new(TestClock::at(START));
    server.suits_new(clock, Arc::new(TestEntropy::seeded(1))).await.expect_err("refused").to_string()
}

#[tokio::test]
async fn a_second_program_on_the_same_records_is_refused_from_any_folder() {
    let Some(_) = server() else { return };
    let (temp, elsewhere) = (TempFolder::new(), TempFolder::new());
    let keep = temp.open(&[NOTES]).await.unwrap();
    let same = Config { database: temp.config().database, ..elsewhere.config() };
    crate::vault::create_root(&same.root_key, &TestEntropy::seeded(2)).unwrap();
    let refused = elsewhere.open_at(&same, &[NOTES]).await.err().unwrap().to_string();
    assert!(refused.contains("another program works on these records"), "{refused}");
    write(&keep, "n1", Owner::Practice, "text").await.unwrap();
}

#[tokio::test]
async fn a_server_that_hung_up_is_called_again_and_nothing_is_half_done() {
    let Some(_) = server() else { return };
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    write(&keep, "n1", Owner::Practice, "text").await.unwrap();
    let mut tx = keep.begin().await.unwrap();
    let sql = "INSERT INTO note (id, version, body) VALUES ('lost', 1, $1)";
    tx.run(sql, args![vec![0]]).await.unwrap();
    let hang_up = "SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND objid = CAST(hashtext(current_schema()) AS oid)";
    tamper(&temp.config(), hang_up).await;
    assert!(tx.run(sql, args![vec![0]]).await.is_err());
    drop(tx);
    write(&keep, "n2", Owner::Practice, "text").await.unwrap();
    let rows = keep.read().await.unwrap().rows("SELECT id FROM note ORDER BY id", args![]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.text("id").unwrap()).collect::<Vec<_>>(), ["n1", "n2"]);
    assert_eq!(trail::verify_deep(&keep).await.unwrap().whole, 2);
}

/// Only the connection with the lock writes: a program that lost its writer while another took over is out.
#[tokio::test]
async fn a_program_that_lost_its_lock_to_another_writes_no_more() {
    let Some(_) = server() else { return };
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    write(&keep, "n1", Owner::Practice, "text").await.unwrap();
    let take_over = "SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND objid = CAST(hashtext(current_schema()) AS oid);
        SELECT pg_advisory_lock(1634493302, hashtext(current_schema()))";
    let mut other = temp.config().records().options().unwrap().connect().await.unwrap();
    sqlx::raw_sql(take_over).execute(&mut other).await.unwrap();
    let tried = tokio::time::timeout(Duration::from_secs(2), keep.begin()).await;
    assert!(tried.is_err() || tried.unwrap().is_err(), "a second writer");
    other.close().await.unwrap();
    write(&keep, "n2", Owner::Practice, "text").await.unwrap();
}

#[tokio::test]
async fn every_session_is_as_careful_as_promised() {
    let Some(_) = server() else { return };
    let temp = TempFolder::new();
    let keep = temp.open(&[]).await.unwrap();
    let careful = "SELECT current_setting('synchronous_commit') AS sync,
        current_setting('default_transaction_read_only') AS reads";
    let mut reader = keep.read().await.unwrap();
    let mut writer = keep.begin().await.unwrap();
    for (conn, reads) in [(&mut *reader, "on"), (&mut **writer, "off")] {
        let row = conn.row(careful, args![]).await.unwrap().unwrap();
        assert_eq!((row.text("sync"), row.text("reads")), (Ok("on"), Ok(reads)));
    }
}

#[tokio::test]
async fn a_server_that_does_not_suit_says_what_to_change() {
    let Some(server) = server() else { return };
    let name = format!("odd_{}", std::process::id());
    let at = |user: &str, database: &str| {
        let address = server.address().replace("user=alcove", &format!("user={user}"));
        let (head, tail) = address.split_once('?').unwrap();
        let root = head.rsplit_once('/').unwrap().0;
        Server::parse(&format!("{root}/{database}?{tail}")).unwrap()
    };
    assert!(refusal(&at("alcove", "nothing")).await.contains("no such database"));
    assert!(refusal(&at("nobody", "postgres")).await.contains("pg_hba.conf"));
    let gone = Server::parse("postgres:///a?host=/nowhere").unwrap();
    assert!(refusal(&gone).await.contains("is it running"));
    let odd = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
    tell(&server, odd).await;
    assert!(refusal(&at("alcove", &name)).await.contains("--encoding UTF8 --locale C"));
    tell(&server, format!("DROP DATABASE {name}")).await;
    let temp = TempFolder::new();
    temp.open(&[NOTES]).await.unwrap().close().await;
    assert!(refusal(&temp.config().database.unwrap()).await.contains("make a new one"));
}

/// The server that the test command starts asks `locked` for a password; another server may not know them.
#[tokio::test]
async fn a_wrong_password_is_named_and_the_right_one_opens() {
    let Some(server) = server() else { return };
    tell(&server, "DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD 's3&=%'".into()).await;
    let address = server.address().replace("user=alcove", "user=locked");
    let locked = Server::parse(&address).unwrap();
    let wrong = refusal(&locked.clone().with_password("s3")).await;
    assert!(wrong.contains("refuses the password") && !wrong.contains("s3"), "{wrong}");
    let clock = Arc::new(TestClock::at(START));
    let right = locked.with_password("s3&=%");
    let opened = right.suits_new(clock, Arc::new(TestEntropy::seeded(1))).await;
    assert!(!opened.is_err_and(|why| why.to_string().contains("password")));
}
