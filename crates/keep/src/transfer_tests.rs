//! Records that move to another engine are the same records. With a server, from the folder to it and back;
//! without one, from a folder's file to nowhere: what is refused.

use crate::testing::{START, TempFolder};
use crate::tests::{NOTES, patient, system, write};
use crate::{Config, Copied, Entry, KeepError, Letter, Object, Owner, Server, trail, transfer};
use std::sync::Arc;
use vocabulary::testing::{TestClock, TestEntropy};

async fn copy(from: &Config, to: Option<Server>) -> Result<Vec<Copied>, KeepError> {
    let clock = Arc::new(TestClock::at(START));
    transfer(from, to, &[NOTES], clock, Arc::new(TestEntropy::seeded(3))).await
}

async fn furnish(temp: &TempFolder, config: &Config) {
    let keep = temp.open_at(config, &[NOTES]).await.unwrap();
    for n in 0..450 {
        write(&keep, &format!("n{n}"), Owner::Practice, "text").await.unwrap();
    }
    let ann = patient(&keep);
    let mut tx = keep.begin().await.unwrap();
    tx.put_file(Owner::Patient(ann), "scan", b"picture".to_vec()).await.unwrap();
    let now = tx.now();
    tx.post(Letter::mail("to", "subject", "words").of(Owner::Patient(ann)), now).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("file", ""))).await.unwrap();
    keep.close().await;
}

#[tokio::test]
async fn an_open_practice_an_empty_one_and_the_same_place_are_not_copied() {
    let temp = TempFolder::new();
    let config = Config { database: None, ..temp.config() };
    let nowhere = Server::parse("postgres:///nothing?host=/nowhere").unwrap();
    let refused = async |to| copy(&config, to).await.err().unwrap().to_string();
    assert!(refused(Some(nowhere.clone())).await.contains("no practice"));
    crate::vault::create_root(&config.root_key, &TestEntropy::seeded(1)).unwrap();
    let keep = temp.open_at(&config, &[NOTES]).await.unwrap();
    assert!(refused(Some(nowhere.clone())).await.contains("another program"));
    keep.close().await;
    drop(keep);
    assert!(refused(None).await.contains("there already"));
    assert!(refused(Some(nowhere)).await.contains("is it running"));
}

/// Of the runner's profile `postgres` alone: elsewhere there is no server, and these do nothing.
mod on_a_server {
    use super::*;

    #[tokio::test]
    async fn records_move_to_a_server_and_back_and_the_trail_verifies_on_each_side() {
        let temp = TempFolder::new();
        let on_server = temp.config();
        if on_server.database.is_none() {
            return;
        }
        let in_folder = Config { database: None, ..on_server.clone() };
        crate::vault::create_root(&in_folder.root_key, &TestEntropy::seeded(1)).unwrap();
        furnish(&temp, &in_folder).await;
        let there = copy(&in_folder, on_server.database.clone()).await.unwrap();
        let rows = |name: &str| there.iter().find(|copied| copied.table == name).unwrap().rows;
        assert_eq!((rows("note"), rows("trail_leaf"), rows("file"), rows("outbox")), (450, 451, 1, 1));
        let again = copy(&in_folder, on_server.database.clone()).await.err().unwrap().to_string();
        assert!(again.contains("not empty"), "{again}");

        let keep = temp.open_at(&on_server, &[NOTES]).await.unwrap();
        let whole = trail::verify_deep(&keep).await.unwrap();
        assert_eq!((whole.trail.size, whole.whole, whole.gone.len()), (451, 452, 0));
        keep.close().await;
        drop(keep);

        std::fs::remove_file(in_folder.folder.join("alcove.db")).unwrap();
        let back = copy(&on_server, None).await.unwrap();
        assert_eq!(back, there);
        let keep = temp.open_at(&in_folder, &[NOTES]).await.unwrap();
        assert_eq!(trail::verify_deep(&keep).await.unwrap(), whole);
    }
}
