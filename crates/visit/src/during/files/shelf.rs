//! The files of one live visit: who passes them, how much of each is here, who has fetched it. Pure: a piece
//! is whatever handle the caller has.

use super::super::problem::Trouble;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{FileId, MINUTE_MS, ParticipantId, UnixMillis};

/// What a page says of a file before it sends any of it: sealed bytes in all, and in how many pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    pub pieces: usize,
    pub bytes: usize,
}

pub struct Shelf<P> {
    files: BTreeMap<FileId, Shared<P>>,
}

struct Shared<P> {
    by: ParticipantId,
    begun_at: UnixMillis,
    size: Size,
    pieces: Vec<P>,
    bytes: usize,
    taken: BTreeSet<ParticipantId>,
}

impl<P: Clone> Shelf<P> {
    pub fn begin(
        &mut self,
        place: FileId,
        by: ParticipantId,
        size: Size,
        now: UnixMillis,
    ) -> Result<(), Trouble> {
        let fits = (2..=PIECES_AT_MOST).contains(&size.pieces) && size.bytes <= SEALED_BYTES_AT_MOST;
        if !fits {
            return Err(Trouble::FileTooLarge);
        }
        if self.files.len() >= FILES_AT_MOST {
            return Err(Trouble::FilesFull);
        }
        let (pieces, taken) = (Vec::new(), BTreeSet::new());
        self.files.insert(place, Shared { by, begun_at: now, size, pieces, bytes: 0, taken });
        Ok(())
    }

    pub fn may_put(&self, place: FileId, by: ParticipantId, at: usize) -> Result<(), Trouble> {
        let file = self.files.get(&place).filter(|file| file.by == by).ok_or(Trouble::FileGone)?;
        // A page whose answer was lost sends the last piece once more.
        let next = at == file.pieces.len() || at + 1 == file.pieces.len();
        if next && at < file.size.pieces { Ok(()) } else { Err(Trouble::Malformed) }
    }

    /// The size when this piece made the file whole.
    pub fn put(
        &mut self,
        place: FileId,
        by: ParticipantId,
        at: usize,
        (piece, bytes): (P, usize),
    ) -> Result<Option<Size>, Trouble> {
        self.may_put(place, by, at)?;
        let file = self.files.get_mut(&place).ok_or(Trouble::FileGone)?;
        if at < file.pieces.len() {
            return Ok(None);
        }
        let (so_far, last) = (file.bytes + bytes, at + 1 == file.size.pieces);
        if so_far > file.size.bytes || (last && so_far != file.size.bytes) {
            return Err(Trouble::Malformed);
        }
        file.bytes = so_far;
        file.pieces.push(piece);
        Ok(last.then_some(file.size))
    }

    /// The piece, and whether this person fetches the file itself for the first time. The first piece is the
    /// manifest, which every page fetches to show what is on offer.
    pub fn take(&self, place: FileId, who: ParticipantId, at: usize) -> Result<(P, Size, bool), Trouble> {
        let whole = |file: &&Shared<P>| file.pieces.len() == file.size.pieces;
        let file = self.files.get(&place).filter(whole).ok_or(Trouble::FileGone)?;
        let piece = file.pieces.get(at).ok_or(Trouble::Malformed)?;
        Ok((piece.clone(), file.size, at > 0 && !file.taken.contains(&who)))
    }

    pub fn taken(&mut self, place: FileId, who: ParticipantId) {
        if let Some(file) = self.files.get_mut(&place) {
            file.taken.insert(who);
        }
    }

    /// Only whoever passes a file takes it back; of anybody else's nothing is said.
    pub fn withdraw(&mut self, place: FileId, by: ParticipantId) {
        if self.files.get(&place).is_some_and(|file| file.by == by) {
            self.files.remove(&place);
        }
    }

    pub fn forget_unfinished(&mut self, now: UnixMillis) {
        let late = |file: &Shared<P>| now.since(file.begun_at) > UNFINISHED_MS;
        self.files.retain(|_, file| file.pieces.len() == file.size.pieces || !late(file));
    }
}

impl<P> Default for Shelf<P> {
    fn default() -> Self {
        Shelf { files: BTreeMap::new() }
    }
}

/// Files of one visit, finished or not.
pub const FILES_AT_MOST: usize = 20;
/// A manifest and 25 segments of one mebibyte.
pub const PIECES_AT_MOST: usize = 26;
/// 25 MiB, the manifest, and the tag of every piece.
pub const SEALED_BYTES_AT_MOST: usize = 25 * 1024 * 1024 + 2_048 + PIECES_AT_MOST * 16;
/// Whoever takes longer begins again.
const UNFINISHED_MS: i64 = 15 * MINUTE_MS;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_000);

    fn one(n: u8) -> ParticipantId {
        ParticipantId::from_bytes([n; 16])
    }

    fn place(n: u8) -> FileId {
        FileId::from_bytes([n; 16])
    }

    fn shelf() -> Shelf<&'static str> {
        let mut shelf = Shelf::default();
        shelf.begin(place(1), one(1), Size { pieces: 2, bytes: 30 }, NOW).unwrap();
        shelf
    }

    #[test]
    fn a_file_can_be_fetched_when_its_last_piece_is_here_and_not_before() {
        let mut shelf = shelf();
        assert_eq!(shelf.put(place(1), one(1), 0, ("manifest", 10)), Ok(None));
        assert_eq!(shelf.take(place(1), one(2), 0), Err(Trouble::FileGone));
        // Once more, because the answer was lost.
        assert_eq!(shelf.put(place(1), one(1), 0, ("manifest", 10)), Ok(None));
        let size = Size { pieces: 2, bytes: 30 };
        assert_eq!(shelf.put(place(1), one(1), 1, ("segment", 20)), Ok(Some(size)));
        assert_eq!(shelf.take(place(1), one(2), 0), Ok(("manifest", size, false)));
        assert_eq!(shelf.take(place(1), one(2), 1), Ok(("segment", size, true)));
        shelf.taken(place(1), one(2));
        assert_eq!(shelf.take(place(1), one(2), 1), Ok(("segment", size, false)));
        assert_eq!(shelf.take(place(1), one(2), 2), Err(Trouble::Malformed));
    }

    #[test]
    fn pieces_come_in_order_from_whoever_began_and_are_as_large_as_was_said() {
        let mut shelf = shelf();
        assert_eq!(shelf.put(place(1), one(2), 0, ("foreign", 10)), Err(Trouble::FileGone));
        assert_eq!(shelf.put(place(1), one(1), 1, ("early", 20)), Err(Trouble::Malformed));
        assert_eq!(shelf.put(place(1), one(1), 0, ("large", 31)), Err(Trouble::Malformed));
        assert_eq!(shelf.put(place(1), one(1), 0, ("manifest", 10)), Ok(None));
        assert_eq!(shelf.put(place(1), one(1), 1, ("short", 19)), Err(Trouble::Malformed));
        shelf.withdraw(place(1), one(2));
        assert_eq!(shelf.may_put(place(1), one(1), 1), Ok(()));
        shelf.withdraw(place(1), one(1));
        assert_eq!(shelf.may_put(place(1), one(1), 1), Err(Trouble::FileGone));
    }

    #[test]
    fn files_and_their_number_are_bounded_and_unfinished_ones_go() {
        let mut shelf: Shelf<()> = Shelf::default();
        let most = Size { pieces: PIECES_AT_MOST, bytes: SEALED_BYTES_AT_MOST };
        for size in [
            Size { pieces: 1, ..most },
            Size { pieces: PIECES_AT_MOST + 1, ..most },
            Size { bytes: SEALED_BYTES_AT_MOST + 1, ..most },
        ] {
            assert_eq!(shelf.begin(place(1), one(1), size, NOW), Err(Trouble::FileTooLarge));
        }
        for n in 0..FILES_AT_MOST {
            assert_eq!(shelf.begin(place(n as u8), one(1), most, NOW), Ok(()));
        }
        assert_eq!(shelf.begin(place(99), one(1), most, NOW), Err(Trouble::FilesFull));
        shelf.forget_unfinished(NOW.plus_ms(UNFINISHED_MS));
        assert_eq!(shelf.files.len(), FILES_AT_MOST);
        shelf.forget_unfinished(NOW.plus_ms(UNFINISHED_MS + 1));
        assert_eq!(shelf.files.len(), 0);
    }
}
