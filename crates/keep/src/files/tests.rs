//! Files come back whole or not at all, and go with the transaction that wrote them.

use super::pieces::{decrypt, encrypt};
use super::*;
use crate::tests::{clinician, patient, system};
use crate::{Entry, Keep, Object, testing};
use policy::Act;
use proptest::prelude::*;
use vocabulary::testing::TestEntropy;

const PIECE: usize = 64 * 1024;

fn key(seed: u64) -> Key {
    Key::new(&TestEntropy::seeded(seed))
}

#[test]
fn every_length_around_a_piece_comes_back() {
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7] {
        let plain: Vec<u8> = (0..length).map(|n| n as u8).collect();
        let stored = encrypt(&key(1), b"file", &plain);
        assert_eq!(&*decrypt(&key(1), b"file", &stored).unwrap(), &plain, "{length}");
        assert!(decrypt(&key(2), b"file", &stored).is_err());
        assert!(decrypt(&key(1), b"other", &stored).is_err());
    }
}

#[test]
fn pieces_cannot_be_cut_swapped_repeated_or_extended() {
    let plain = vec![7; 3 * PIECE];
    let stored = encrypt(&key(1), b"file", &plain);
    let head = stored.len() - 3 * (PIECE + 16);
    let piece = |n: usize| &stored[head + n * (PIECE + 16)..head + (n + 1) * (PIECE + 16)];
    let joined = |parts: &[&[u8]]| [&stored[..head], &parts.concat()].concat();
    assert!(decrypt(&key(1), b"file", &joined(&[piece(0), piece(1), piece(2)])).is_ok());
    for wrong in [
        joined(&[piece(0), piece(1)]),
        joined(&[piece(1), piece(0), piece(2)]),
        joined(&[piece(0), piece(1), piece(1), piece(2)]),
        joined(&[piece(0), piece(1), piece(2), piece(2)]),
        joined(&[]),
    ] {
        assert_eq!(decrypt(&key(1), b"file", &wrong).err(), Some(KeepError::Sealed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn one_wrong_bit_in_a_file_gives_no_byte_of_it(
        plain in proptest::collection::vec(any::<u8>(), 0..200), bit: prop::sample::Index,
    ) {
        let mut stored = encrypt(&key(1), b"file", &plain);
        let bit = bit.index(stored.len() * 8);
        stored[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(decrypt(&key(1), b"file", &stored).err(), Some(KeepError::Sealed));
    }
}

#[tokio::test]
async fn a_file_is_read_back_by_those_it_belongs_to() {
    let (keep, _) = testing::keep(&[]).await;
    let (ann, bob) = (patient(&keep), patient(&keep));
    let mut tx = keep.begin().await.unwrap();
    let id = tx.put_file(Owner::Patient(ann), "letter", b"scan".to_vec()).await.unwrap();
    tx.commit(&system(), Entry::new(Object::of("file", id.text()))).await.unwrap();
    let object = || Object::of("file", id.text());
    let access = clinician(keep.entropy(), ann, Act::OpenChart);
    let mut viewing = keep.view(&access, object()).await.unwrap();
    assert_eq!(&**viewing.file(&access, id).await.unwrap(), b"scan");
    let access = clinician(keep.entropy(), bob, Act::OpenChart);
    let mut viewing = keep.view(&access, object()).await.unwrap();
    assert_eq!(viewing.file(&access, id).await, Err(KeepError::Proof));
    let nowhere = FileId::new(keep.clock().now(), keep.entropy());
    assert_eq!(viewing.file(&access, nowhere).await, Err(KeepError::NotFound));
}

#[tokio::test]
async fn a_dropped_transaction_takes_its_files_along() {
    let (keep, _) = testing::keep(&[]).await;
    let mut tx = keep.begin().await.unwrap();
    tx.put_file(Owner::Practice, "letter", vec![1; 100]).await.unwrap();
    assert_eq!(stored(&keep), 1);
    drop(tx);
    assert_eq!(stored(&keep), 0);
}

#[tokio::test]
async fn a_file_over_the_bound_is_refused() {
    let (keep, _) = testing::keep(&[]).await;
    let mut tx = keep.begin().await.unwrap();
    let tried = tx.put_file(Owner::Practice, "letter", vec![0; FILE_BYTES_AT_MOST + 1]).await;
    assert!(matches!(tried, Err(KeepError::TooLarge(_))));
}

fn stored(keep: &Keep) -> usize {
    fs::read_dir(&keep.files().0).unwrap().count()
}
