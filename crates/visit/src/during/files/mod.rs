//! Files that people in the room pass each other, sealed in their pages.
//!
//! Owns the shelf of a live visit (`shelf`: pure), the permission and the entry of each act, and the three
//! routes. Refuses everybody without a place in this visit's room, and to know what a file says or is called:
//! the trail has its size and nothing else. What was passed is gone with the visit.

pub mod pages;
mod shelf;

pub use shelf::{Shelf, Size};

use super::acts::Cause;
use super::problem::Trouble;
use super::visit_task::VisitTask;
use super::way_in::Pass;
use keep::files::Piece;
use keep::{Entry, Object};
use policy::{Access, Act};
use std::sync::Arc;
use vocabulary::FileId;

/// What a page wants of the shelf. The piece of a `Put` is on the disk already, and goes if nobody takes it.
pub enum Ask {
    Begin(Size),
    /// Whether this piece is the next one, before a byte of it is read.
    MayPut(FileId, usize),
    Put(FileId, usize, Arc<Piece>),
    Take(FileId, usize),
    Withdraw(FileId),
}

pub enum Told {
    Place(FileId),
    Piece(Arc<Piece>),
    Done,
}

impl VisitTask {
    pub(super) async fn file(&mut self, pass: &Pass, ask: Ask) -> Result<Told, Trouble> {
        let me = pass.participant;
        let inside = self.visit.people.get(&me).is_some_and(|one| one.state.holds_a_place());
        let same = self.seats.get(&me).is_some_and(|seat| seat.pass.session == pass.session);
        if !inside || !same || self.visit.state.is_over() {
            return Err(Trouble::NotAdmitted);
        }
        let act = if matches!(ask, Ask::Take(..)) { Act::TakeFile } else { Act::ShareFile };
        let access = self.decide_as(&pass.who, &Cause::entering(me, act)).await?;
        let now = self.now();
        match ask {
            Ask::Begin(size) => {
                let place = FileId::new(now, self.parts.keep.entropy());
                self.shelf.begin(place, me, size, now)?;
                Ok(Told::Place(place))
            }
            Ask::MayPut(place, at) => self.shelf.may_put(place, me, at).map(|()| Told::Done),
            Ask::Put(place, at, piece) => {
                let bytes = piece.size();
                if let Some(size) = self.shelf.put(place, me, at, (piece, bytes))?
                    && let Err(trouble) = self.record(&access, place, size).await
                {
                    // Nobody gets what the trail does not know of.
                    self.shelf.withdraw(place, me);
                    return Err(trouble);
                }
                Ok(Told::Done)
            }
            Ask::Take(place, at) => {
                let (piece, size, first) = self.shelf.take(place, me, at)?;
                if first {
                    self.record(&access, place, size).await?;
                    self.shelf.taken(place, me);
                }
                Ok(Told::Piece(piece))
            }
            Ask::Withdraw(place) => {
                self.shelf.withdraw(place, me);
                Ok(Told::Done)
            }
        }
    }

    async fn record(&self, access: &Access, place: FileId, size: Size) -> Result<(), Trouble> {
        let object = Object::of("file", place.text()).patient(self.row.patient).visit(self.row.id);
        let entry = Entry::new(object)
            .detail("bytes", size.bytes.to_string())
            .detail("pieces", size.pieces.to_string());
        let tx = self.parts.keep.begin().await.map_err(|_| Trouble::TryAgain)?;
        tx.commit(access, entry).await.map(|_| ()).map_err(|_| Trouble::TryAgain)
    }

    /// What is over or was never finished goes.
    pub(super) fn tidy_files(&mut self) {
        if self.visit.state.is_over() {
            self.shelf = Shelf::default();
        }
        self.shelf.forget_unfinished(self.now());
    }
}
