//! Sealed values open in their place and nowhere else; the root key is looked after.

use super::envelope::{Key, Seal};
use super::{Owner, Place, create_root};
use crate::testing::TempFolder;
use crate::tests::{NOTES, body, clinician, patient, system, write};
use crate::{Entry, KeepError, Object, args, testing};
use policy::Act;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use vocabulary::testing::TestEntropy;
use vocabulary::{PatientId, UnixMillis};

const TABLES: [&str; 3] = ["note", "patient", "not"];
const COLUMNS: [&str; 3] = ["body", "name", "ebody"];
const ROWS: [&str; 3] = ["n1", "n2", ""];

/// Everything an envelope is bound to, as small numbers that proptest can vary.
type Spot = (usize, usize, usize, i64, u64, u8, u8, u8);

fn spot() -> impl Strategy<Value = Spot> {
    (0..3_usize, 0..3_usize, 0..3_usize, 0..3_i64, 0..3_u64, 0..2_u8, 0..2_u8, 0..2_u8)
}

/// `here`, with the things named by the bits of `moved` taken from `other`.
fn mixed(here: Spot, other: Spot, moved: u32) -> Spot {
    let take = |bit: u32| moved >> bit & 1 == 1;
    (
        if take(0) { other.0 } else { here.0 },
        if take(1) { other.1 } else { here.1 },
        if take(2) { other.2 } else { here.2 },
        if take(3) { other.3 } else { here.3 },
        if take(4) { other.4 } else { here.4 },
        if take(5) { other.5 } else { here.5 },
        if take(6) { other.6 } else { here.6 },
        if take(7) { other.7 } else { here.7 },
    )
}

fn at<T>(spot: Spot, work: impl FnOnce(&Seal<'_>) -> T) -> T {
    let (table, column, row, version, owner, installation, key, key_id) = spot;
    let owner = match owner {
        0 => Owner::Practice,
        n => Owner::Patient(PatientId::new(UnixMillis(1), &TestEntropy::seeded(n))),
    };
    let place = Place { table: TABLES[table], column: COLUMNS[column], row: ROWS[row], version, owner };
    let key = Key::new(&TestEntropy::seeded(100 + u64::from(key)));
    work(&Seal { installation: &[installation; 16], key_id: [key_id; 16], key: &key, place: &place })
}

proptest! {
    #[test]
    fn a_value_opens_in_its_own_place_alone(
        here in spot(), other in spot(), moved in 0..256_u32, plain: Vec<u8>, seed: u64,
    ) {
        let sealed = at(here, |seal| seal.close(&plain, &TestEntropy::seeded(seed)));
        let opened = at(here, |seal| seal.open(&sealed)).unwrap();
        prop_assert_eq!(&*opened, &plain);
        let there = mixed(here, other, moved);
        if here != there {
            prop_assert_eq!(at(there, |seal| seal.open(&sealed)).err(), Some(KeepError::Sealed));
        }
    }

    /// One thing wrong is enough: table, column, row, version, owner, installation, key or key id.
    #[test]
    fn a_value_that_differs_in_one_thing_does_not_open(here in spot(), other in spot(), thing in 0..8_u32) {
        let there = mixed(here, other, 1 << thing);
        prop_assume!(here != there);
        let sealed = at(here, |seal| seal.close(b"asthma", &TestEntropy::seeded(7)));
        prop_assert_eq!(at(there, |seal| seal.open(&sealed)).err(), Some(KeepError::Sealed));
    }

    #[test]
    fn one_wrong_bit_anywhere_opens_nothing(
        here in spot(), plain: Vec<u8>, seed: u64, bit: prop::sample::Index,
    ) {
        let mut sealed = at(here, |seal| seal.close(&plain, &TestEntropy::seeded(seed)));
        let bit = bit.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(at(here, |seal| seal.open(&sealed)).err(), Some(KeepError::Sealed));
    }

    #[test]
    fn a_cut_or_extended_value_opens_nothing(
        here in spot(), plain: Vec<u8>, cut: prop::sample::Index, more in 1..40_usize,
    ) {
        let sealed = at(here, |seal| seal.close(&plain, &TestEntropy::seeded(1)));
        let shorter = &sealed[..cut.index(sealed.len())];
        prop_assert_eq!(at(here, |seal| seal.open(shorter)).err(), Some(KeepError::Sealed));
        let longer = [&sealed[..], &vec![0; more]].concat();
        prop_assert_eq!(at(here, |seal| seal.open(&longer)).err(), Some(KeepError::Sealed));
    }
}

#[test]
fn the_same_text_never_looks_the_same_twice() {
    let entropy = TestEntropy::seeded(5);
    let here = (0, 0, 0, 1, 1, 0, 0, 0);
    assert_ne!(
        at(here, |seal| seal.close(b"asthma", &entropy)),
        at(here, |seal| seal.close(b"asthma", &entropy))
    );
}

/// Guards data on disk: an envelope written by this version must open for ever.
#[test]
fn an_envelope_of_the_first_version_still_opens() {
    let here = (0, 0, 0, 1, 1, 0, 0, 0);
    let sealed = at(here, |seal| seal.close(b"asthma", &TestEntropy::seeded(5)));
    let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, FIRST_VERSION);
}

#[tokio::test]
async fn a_value_moved_to_another_row_or_patient_does_not_open() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let (ann, bob) = (patient(&keep), patient(&keep));
    write(&keep, "n1", Owner::Patient(ann), "asthma").await.unwrap();
    write(&keep, "n2", Owner::Patient(bob), "broken arm").await.unwrap();
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("patient", ann.text())).await.unwrap();
    let rows = viewing.rows("SELECT body FROM note ORDER BY id", args![]).await.unwrap();
    let (of_ann, of_bob) = (rows[0].blob("body").unwrap(), rows[1].blob("body").unwrap());
    let open = |row, version, owner, sealed| viewing.unseal(&access, &body(row, version, owner), sealed);
    assert_eq!(&**open("n1", 1, Owner::Patient(ann), of_ann).unwrap(), b"asthma");
    assert_eq!(open("n2", 1, Owner::Patient(ann), of_ann), Err(KeepError::Sealed));
    assert_eq!(open("n1", 2, Owner::Patient(ann), of_ann), Err(KeepError::Sealed));
    assert_eq!(open("n1", 1, Owner::Patient(ann), of_bob), Err(KeepError::Sealed));
    assert_eq!(open("n1", 1, Owner::Practice, of_ann), Err(KeepError::Sealed));
    assert_eq!(open("n2", 1, Owner::Patient(bob), of_bob), Err(KeepError::Proof));
}

#[tokio::test]
async fn only_registered_columns_are_sealed() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let mut tx = keep.begin().await.unwrap();
    let plain = Place { table: "note", column: "version", row: "n1", version: 1, owner: Owner::Practice };
    assert!(matches!(tx.seal(&plain, b"x"), Err(KeepError::Shape(_))));
    let nowhere = Place { column: "diagnosis", ..plain };
    assert!(matches!(tx.seal(&nowhere, b"x"), Err(KeepError::Shape(_))));
}

#[tokio::test]
async fn a_blind_index_knows_equal_text_of_one_column_and_nothing_else() {
    let (keep, _) = testing::keep(&[NOTES]).await;
    let tag = |column, text| keep.blind("note", column, text);
    assert_eq!(tag("tag", "a@example.org"), tag("tag", "a@example.org"));
    assert_ne!(tag("tag", "a@example.org"), tag("tag", "b@example.org"));
    assert_ne!(tag("tag", "a@example.org"), tag("other", "a@example.org"));
    let (other, _) = testing::keep(&[NOTES]).await;
    assert_ne!(tag("tag", "a@example.org"), other.blind("note", "tag", "a@example.org"));
}

#[tokio::test]
async fn keys_survive_a_restart() {
    let temp = TempFolder::new();
    let keep = temp.open(&[NOTES]).await.unwrap();
    let ann = patient(&keep);
    write(&keep, "n1", Owner::Patient(ann), "asthma").await.unwrap();
    keep.close().await;
    drop(keep);
    let keep = temp.open(&[NOTES]).await.unwrap();
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    let mut viewing = keep.view(&access, Object::of("patient", ann.text())).await.unwrap();
    let row = viewing.row("SELECT body FROM note", args![]).await.unwrap().unwrap();
    let text = viewing.unseal_text(&access, &body("n1", 1, Owner::Patient(ann)), row.blob("body").unwrap());
    assert_eq!(text.unwrap().reveal(), "asthma");
    crate::trail::verify(&keep).await.unwrap();
}

/// R25 (part: the root key is kept apart from the data, and the data does not open without it).
#[tokio::test]
async fn another_root_key_and_a_careless_one_are_refused() {
    let temp = TempFolder::new();
    let config = temp.config();
    temp.open(&[]).await.unwrap().close().await;
    let kept = fs::read(&config.root_key).unwrap();

    let inside = crate::Config { root_key: config.folder.join("root.key"), ..config.clone() };
    create_root(&inside.root_key, &TestEntropy::seeded(9)).unwrap();
    assert!(refusal(&temp, &inside).await.contains("out of the data folder"));

    fs::set_permissions(&config.root_key, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(refusal(&temp, &config).await.contains("chmod 600"));
    fs::set_permissions(&config.root_key, fs::Permissions::from_mode(0o600)).unwrap();

    fs::write(&config.root_key, b"not a key\n").unwrap();
    assert!(refusal(&temp, &config).await.contains("64 hexadecimal digits"));

    fs::remove_file(&config.root_key).unwrap();
    assert!(refusal(&temp, &config).await.contains("no root key"));
    create_root(&config.root_key, &TestEntropy::seeded(10)).unwrap();
    assert!(refusal(&temp, &config).await.contains("does not open"));

    fs::write(&config.root_key, kept).unwrap();
    temp.open_at(&config, &[]).await.unwrap();
}

#[tokio::test]
async fn data_without_its_keys_is_not_given_new_ones() {
    let temp = TempFolder::new();
    let keep = temp.open(&[]).await.unwrap();
    let entry = Entry::new(Object::of("practice", ""));
    keep.begin().await.unwrap().commit(&system(), entry).await.unwrap();
    keep.close().await;
    drop(keep);
    fs::remove_file(temp.config().folder.join("keys.db")).unwrap();
    assert!(refusal(&temp, &temp.config()).await.contains("backup of the keys"));
}

#[tokio::test]
async fn data_does_not_open_with_the_keys_of_another_practice() {
    let (ours, theirs) = (TempFolder::new(), TempFolder::new());
    for temp in [&ours, &theirs] {
        let keep = temp.open(&[]).await.unwrap();
        let entry = Entry::new(Object::of("practice", ""));
        keep.begin().await.unwrap().commit(&system(), entry).await.unwrap();
        keep.close().await;
    }
    let (from, to) = (theirs.config(), ours.config());
    fs::copy(from.folder.join("keys.db"), to.folder.join("keys.db")).unwrap();
    fs::copy(&from.root_key, &to.root_key).unwrap();
    assert!(refusal(&ours, &to).await.contains("keys of another practice"));
}

#[test]
fn a_root_key_is_private_and_never_overwritten() {
    let temp = TempFolder::new();
    let path = temp.config().root_key;
    create_root(&path, &TestEntropy::seeded(1)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let before = fs::read(&path).unwrap();
    assert!(create_root(&path, &TestEntropy::seeded(2)).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
}

async fn refusal(temp: &TempFolder, config: &crate::Config) -> String {
    temp.open_at(config, &[]).await.err().expect("this must not open").to_string()
}

/// Made a second time, bit for bit, by an independent program (Python, its own HKDF from RFC 5869).
const FIRST_VERSION: &str = "0101000000000000000000000000000000005ac389a30c3b0363f83697934d3197c047c16b\
    10f0d3923bc11636149c45b0e1e64bb380e38c6786bcd0599c97faab9599a4eb0a37feab3baf343537fe06de65a6fbfdb47b67e1\
    67fdddfffaa3e5";
