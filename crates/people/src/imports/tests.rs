//! A list on its way in: read, looked at, added, left out, cut short.

use super::file::{BYTES_MAX, ROWS_MAX};
use crate::testing::{Browser, CANARY, House};
use keep::args;
use policy::Act;
use vocabulary::{DAY_MS, Role};
use web::testing::Answer;

const PAGE: &str = "/patients/import";
const FILE: &str = "/patients/import/file";
const ADD: &str = "/patients/import/add";

const LIST: &str = "Last name,First name,DOB,Email,Phone,Language,MRN\r\n\
    Whitfield,James,2/3/1950,james@example.org,,English,1\r\n\
    Quetzalcanari,Maria,3/9/1961,,555-010-0111,,2\r\n\
    Ruiz,Ana,4/31/1970,,555-010-0112,Klingon,3\r\n\
    Núñez,José,1980-12-24,,555-010-0113,Español,4\r\n\
    Whitfeild,James,2/3/1950,,555-010-0114,,5\r\n\
    =cmd(),Eve,1/1/1990,,12,,6\r\n";

/// Without the marks that Fluent puts around what it fills in.
fn plain(answer: &Answer) -> String {
    answer.text.replace(['\u{2068}', '\u{2069}'], "")
}

async fn desk(house: &House) -> Browser {
    house.signed_in(house.hire(&[Role::Desk]).await).await
}

async fn patients(house: &House) -> i64 {
    let mut conn = house.keep.read().await.unwrap();
    let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM patient";
    conn.row(sql, args![]).await.unwrap().unwrap().int("n").unwrap()
}

fn found(house: &House, typed: &str) -> Vec<String> {
    let facts = policy::Facts::default();
    let access = policy::decide(&vocabulary::Principal::System, &facts, Act::Furnish).unwrap();
    house.names.search(&access, typed, 10).iter().map(|known| known.name.reveal().to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_looked_at_before_anybody_is_added() {
    let house = House::open().await;
    house.patient().await;
    let mut desk = desk(&house).await;
    assert_eq!(desk.upload(PAGE, FILE, LIST.as_bytes()).await.location(), PAGE);
    let look = plain(&desk.get(PAGE).await);
    for said in [
        "2 new patients",
        "2 rows look like somebody",
        "2 rows have a mistake",
        "James Whitfield",
        "José Núñez",
        "There is no such day.",
        "Write English or Spanish",
        &format!("Maria {CANARY}"),
        "Row 6",
    ] {
        assert!(look.contains(said), "{said}: {look}");
    }
    assert_eq!(patients(&house).await, 1, "nothing was added yet");
    let added = desk.submit(PAGE, ADD, &[("pick", "6")]).await;
    assert_eq!(added.location(), PAGE);
    let done = plain(&desk.get(PAGE).await);
    assert!(done.contains("3 patients were added") && done.contains("3 rows were left out"), "{done}");
    assert_eq!(found(&house, "whit"), ["James Whitfeild", "James Whitfield"]);
    assert_eq!(found(&house, "nunez"), ["José Núñez"]);
    let left = desk.get("/patients/import/left-out").await;
    assert!(left.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(left.text.contains("There is no such day.") && left.text.contains("who is already here"));
    assert!(left.text.contains("'=cmd()") && !left.text.contains(",=cmd()"), "{}", left.text);
    assert_eq!(desk.submit(PAGE, "/patients/import/drop", &[]).await.location(), "/patients");
    let mut conn = house.keep.read().await.unwrap();
    assert!(conn.rows("SELECT person FROM patient_import", args![]).await.unwrap().is_empty());
    drop(conn);
    assert_eq!(desk.get("/patients/import/left-out").await.status, 404);
    let acts = house.acts(None).await;
    let count = acts.iter().filter(|act| *act == "patient.import done").count();
    assert_eq!(count, 9, "a look, read, begun, three patients, their lot, taken along, removed: {acts:?}");
    let deep = keep::trail::verify_deep(&house.keep).await.unwrap();
    assert_eq!((deep.altered.len(), deep.unknown.len(), deep.gone.len()), (0, 0, 0));
}

#[tokio::test]
async fn columns_that_were_not_recognised_are_chosen() {
    let house = House::open().await;
    let mut desk = desk(&house).await;
    desk.upload(PAGE, FILE, b"Who;When;Call\nJames Whitfield;3/2/1950;555-010-0199\n").await;
    let look = desk.get(PAGE).await;
    assert_eq!(look.status, 422);
    assert!(look.text.contains("No column holds the name"));
    assert_eq!(desk.submit(PAGE, ADD, &[]).await.status, 409);
    let columns = [("c0", "name"), ("c1", "born"), ("c2", "phone"), ("order", "day"), ("lang", "es")];
    assert!(desk.submit(PAGE, "/patients/import/columns", &columns).await.location().starts_with(PAGE));
    let look = plain(&desk.get(PAGE).await);
    assert!(look.contains("1 new patient") && look.contains("February 3, 1950") && look.contains("Spanish"));
    desk.submit(PAGE, ADD, &[]).await;
    assert_eq!(patients(&house).await, 1);
    let again = desk.submit(PAGE, "/patients/import/columns", &columns).await;
    assert_eq!(again.status, 409, "a list that is being added stays as it was looked at");
}

#[tokio::test]
async fn an_adding_that_was_cut_short_goes_on_and_adds_nobody_twice() {
    let house = House::open().await;
    let mut desk = desk(&house).await;
    let row = |n: usize| format!("Person {n} Number{n},{}/{}/1950,555-010-0199\n", n % 12 + 1, n % 28 + 1);
    let list: String = ["name,dob,phone\n".to_owned()].into_iter().chain((0..250).map(row)).collect();
    desk.upload(PAGE, FILE, list.as_bytes()).await;
    let mut cut = desk.clone();
    let adding = tokio::spawn(async move { cut.submit(PAGE, ADD, &[]).await });
    while patients(&house).await == 0 {
        tokio::task::yield_now().await;
    }
    adding.abort();
    adding.await.ok();
    for _ in 0..3 {
        desk.submit("/me", ADD, &[]).await;
    }
    assert_eq!(patients(&house).await, 250);
    assert!(plain(&desk.get(PAGE).await).contains("250 patients were added"));
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_what_to_do() {
    let house = House::open().await;
    let mut desk = desk(&house).await;
    for (file, said) in [
        (b"".as_slice(), "This file is empty"),
        (b"PK\x03\x04", "This is not a text file"),
        (b"name,dob\n", "one row only"),
        ("x\n".repeat(ROWS_MAX + 2).as_bytes(), "more than 5,000 rows"),
        ("x,".repeat(40).as_bytes(), "more than 40 columns"),
    ] {
        let answer = desk.upload(PAGE, FILE, file).await;
        assert_eq!(answer.status, 422, "{said}");
        assert!(answer.text.contains(said), "{said}");
    }
    assert_eq!(desk.upload(PAGE, FILE, &vec![b'x'; BYTES_MAX + 1]).await.status, 413);
    desk.upload(PAGE, FILE, b"name,dob,phone\nJos\xe9 Ruiz,3/9/1961,555-010-0111\n").await;
    let look = plain(&desk.get(PAGE).await);
    assert!(look.contains("Windows-1252") && look.contains("José Ruiz"));
}

#[tokio::test]
async fn a_file_without_the_forms_token_is_not_read() {
    let house = House::open().await;
    let mut desk = desk(&house).await;
    let head = "Content-Disposition: form-data; name=";
    let file = format!("--edge\r\n{head}\"file\"; filename=\"a\"\r\n\r\nname\nx\r\n");
    for guard in ["", "0", &"0".repeat(64)] {
        let token = format!("--edge\r\n{head}\"form_token\"\r\n\r\n{guard}\r\n");
        for body in [format!("{token}{file}--edge--\r\n"), format!("{file}{token}--edge--\r\n")] {
            assert_eq!(desk.send_parts(FILE, body.into_bytes()).await.status, 400);
        }
    }
    let foreign = format!("--edge\r\n{head}\"other\"\r\n\r\nx\r\n--edge--\r\n");
    assert_eq!(desk.send_parts(FILE, foreign.into_bytes()).await.status, 400);
}

#[tokio::test]
async fn a_list_is_its_readers_alone_and_for_a_day() {
    let house = House::open().await;
    let mut first = desk(&house).await;
    first.upload(PAGE, FILE, LIST.as_bytes()).await;
    let mut second = desk(&house).await;
    assert!(!second.get(PAGE).await.text.contains("Whitfield"));
    assert_eq!(second.submit(PAGE, ADD, &[]).await.status, 404);
    for role in [Role::Clinician, Role::Administrator, Role::PrivacyOfficial, Role::Owner] {
        let mut other = house.signed_in(house.hire(&[role]).await).await;
        assert_eq!(other.get(PAGE).await.status, 404, "{role:?}");
    }
    house.clock.advance_ms(DAY_MS);
    let mut later = desk(&house).await;
    later.upload(PAGE, FILE, LIST.as_bytes()).await;
    let mut conn = house.keep.read().await.unwrap();
    assert_eq!(conn.rows("SELECT person FROM patient_import", args![]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_that_nobody_goes_on_with_is_gone_after_an_hour() {
    let house = House::open().await;
    let mut desk = desk(&house).await;
    desk.upload(PAGE, FILE, LIST.as_bytes()).await;
    house.clock.advance_ms(vocabulary::HOUR_MS - 1);
    assert_eq!(super::sweep(&house.keep).await.unwrap(), 0);
    house.clock.advance_ms(1);
    assert_eq!(super::sweep(&house.keep).await.unwrap(), 1);
    assert_eq!(super::sweep(&house.keep).await.unwrap(), 0, "once");
    let mut conn = house.keep.read().await.unwrap();
    assert!(conn.rows("SELECT person FROM patient_import", args![]).await.unwrap().is_empty());
    drop(conn);
    assert!(house.acts(None).await.contains(&"patient.import done".to_owned()));
    let deep = keep::trail::verify_deep(&house.keep).await.unwrap();
    assert!(deep.gone.is_empty() && deep.altered.is_empty(), "nobody misses it later");
}
