//! An operator's orders reach an open house and a closed one, and nothing of a shredded patient is left.

use super::orders::{Desk, Order};
use super::{ask, listen};
use crate::ambient::SystemClock;
use crate::demo;
use crate::house::Places;
use keep::testing::TempFolder;
use people::patients::Names;
use policy::{Act, Facts, decide};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use vocabulary::{PatientId, Principal};

async fn furnished(folder: &Path) -> (Places, Desk) {
    let (places, _) = Places::existing_or_new(folder).unwrap();
    let keep = places.open(Arc::new(SystemClock::default())).await.unwrap();
    demo::furnish::furnish(&keep, "http://localhost:1").await.unwrap();
    let names = Names::build(&keep).await.unwrap();
    (places, Desk { keep, names: Some(names) })
}

fn why() -> String {
    "yearly".into()
}

async fn somebody(desk: &Desk) -> PatientId {
    let sql = "SELECT id FROM patient ORDER BY id LIMIT 1";
    let row = desk.keep.read().await.unwrap().row(sql, keep::args![]).await.unwrap().unwrap();
    row.parsed("id", PatientId::parse).unwrap()
}

/// Every order to a house that goes on: its own writer keeps writing, and all of it verifies afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_house_carries_out_orders_while_it_goes_on() {
    let temp = TempFolder::new();
    let (places, desk) = furnished(temp.path()).await;
    let control = places.control();
    let house = tokio::spawn({
        let (control, desk) = (control.clone(), desk.clone());
        async move { listen(&control, Arc::new(desk)).await.map_err(|failure| failure.to_string()) }
    });
    // The file is there a moment before anybody listens behind it.
    while UnixStream::connect(&control).await.is_err() {
        tokio::task::yield_now().await;
    }
    let said = async |order: Order| super::socket::ask(&control, &order).await.unwrap().unwrap();
    let all = said(Order::RotateData { patient: None, why: why() }).await;
    assert!(all.contains("new keys") && !all.contains(" 0 values"), "{all}");
    assert!(said(Order::RotatePractice { why: why() }).await.contains("keys lie under it"));
    assert!(said(Order::RotateRoot { why: why() }).await.contains("recovery kit"));
    let deep = said(Order::Verify { deep: true }).await;
    assert!(deep.contains("The trail is whole") && deep.contains("their newest act wrote"), "{deep}");
    let unreasoned = super::socket::ask(&control, &Order::RotateRoot { why: " ".into() }).await;
    assert!(unreasoned.err().unwrap().to_string().contains("--why"));

    let patient = somebody(&desk).await;
    let out = temp.path().join("certificate.txt");
    let program = decide(&Principal::System, &Facts::default(), Act::IndexNames).unwrap();
    let known = || desk.names.as_ref().unwrap().patient(&program, patient).is_some();
    assert!(known());
    let order = Order::Shred { patient: patient.text(), why: "asked for it".into(), out: out.clone() };
    let text = said(order.clone()).await;
    assert!(
        text.contains(&patient.text()) && text.contains("values that open no more: patient.name 1"),
        "{text}"
    );
    assert_eq!(std::fs::read_to_string(&out).unwrap(), text.split("\nThis certificate").next().unwrap());
    assert!(!known());
    assert!(
        super::socket::ask(&control, &order).await.is_err(),
        "the file exists, and there is nothing left"
    );
    house.abort();
    drop(house.await);
    desk.keep.close().await;
    drop(desk);

    // Closed now: the same commands open the folder themselves, under the new root key.
    ask(temp.path(), Order::Verify { deep: true }).await.unwrap();
    let again = temp.path().join("again.txt");
    ask(temp.path(), Order::Certificate { patient: patient.text(), out: again.clone() }).await.unwrap();
    assert_eq!(std::fs::read(again).unwrap(), std::fs::read(out).unwrap());
    let keep = places.open(Arc::new(SystemClock::default())).await.unwrap();
    Names::build(&keep).await.unwrap();
}

#[tokio::test]
async fn what_is_no_order_is_answered_and_harms_nobody() {
    let temp = TempFolder::new();
    let (places, desk) = furnished(temp.path()).await;
    let control = places.control();
    let task = tokio::spawn({
        let control = control.clone();
        async move { listen(&control, Arc::new(desk)).await.map_err(|failure| failure.to_string()) }
    });
    while UnixStream::connect(&control).await.is_err() {
        tokio::task::yield_now().await;
    }
    for line in ["\n", "{\"order\":\"open_sesame\"}\n", &format!("{}\n", "x".repeat(20_000))] {
        let mut stream = UnixStream::connect(&control).await.unwrap();
        stream.write_all(line.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // What came after the bound was never read, so the connection may end with a reset after the answer.
        stream.read_to_string(&mut answer).await.ok();
        assert!(answer.is_empty() || answer.contains("failed"), "{answer}");
    }
    let said = super::socket::ask(&control, &Order::Verify { deep: false }).await.unwrap().unwrap();
    assert!(said.contains("The trail is whole"));
    task.abort();
}
